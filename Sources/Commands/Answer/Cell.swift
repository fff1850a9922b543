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

/// In the largest binary unit that leaves a whole number, or with one decimal.
func byteCount(_ bytes: UInt64) -> String {
  let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
  var unit = 0
  while unit < units.count - 1, bytes >> UInt64(10 * (unit + 1)) > 0 { unit += 1 }
  let shift = UInt64(10 * unit)
  let whole = bytes >> shift
  let rest = bytes & (1 << shift - 1)
  guard rest != 0 else { return "\(whole) \(units[unit])" }
  // A number of small units that is easy to read stays exact.
  let smaller = bytes >> (shift - 10)
  if bytes & (1 << (shift - 10) - 1) == 0, smaller < 10_000 { return "\(smaller) \(units[unit - 1])" }
  return "\(whole).\(((rest >> (shift - 10)) * 10) >> 10) \(units[unit])"
}

func hexadecimal(_ value: UInt64, digits: Int) -> String {
  let text = String(value, radix: 16)
  return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
}
