internal import Inspection

/// One value of an answer: as people read it, and as JSON.
package struct Cell: Sendable {
  package var text: String
  package var json: JSONValue

  package init(_ text: String, json: JSONValue) {
    self.text = text
    self.json = json
  }

  /// Nothing: `-` and null.
  package static let none = Cell("-", json: .null)

  package static func text(_ text: String) -> Cell { Cell(text, json: .string(text)) }

  package static func text(_ text: String?) -> Cell { text.map(Cell.text) ?? .none }

  /// An address or a word whose bits matter: hexadecimal, a string in JSON.
  package static func hex(_ value: UInt64) -> Cell { Cell(hexadecimal(value), json: .address(value)) }

  /// A word padded to 16 digits, for columns of them.
  package static func word(_ value: UInt64) -> Cell {
    Cell(hexadecimal(value, digits: 16), json: .address(value))
  }

  package static func number(_ value: UInt64) -> Cell { Cell(String(value), json: .number(value)) }

  package static func number(_ value: Int) -> Cell { number(UInt64(clamping: value)) }

  /// Bytes: with a binary unit for people, a number in JSON.
  package static func size(_ bytes: UInt64) -> Cell { Cell(byteCount(bytes), json: .number(bytes)) }

  package static func flag(_ value: Bool) -> Cell { Cell(value ? "yes" : "no", json: .bool(value)) }

  package static func flag(_ value: Bool?) -> Cell { value.map(Cell.flag) ?? .none }

  /// Several values: separated by commas, an array in JSON.
  package static func list(_ cells: [Cell]) -> Cell {
    Cell(cells.isEmpty ? "-" : cells.map(\.text).joined(separator: ", "), json: .array(cells.map(\.json)))
  }
}

/// The largest binary unit that gives a whole number.
func byteCount(_ bytes: UInt64) -> String {
  let units = ["B", "KiB", "MiB", "GiB", "TiB"]
  var value = bytes
  var unit = 0
  while value >= 1024, value.isMultiple(of: 1024), unit < units.count - 1 {
    value /= 1024
    unit += 1
  }
  return "\(value) \(units[unit])"
}

func hexadecimal(_ value: UInt64, digits: Int) -> String {
  let text = String(value, radix: 16)
  return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
}
