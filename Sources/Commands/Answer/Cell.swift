internal import Inspection

/// One value of an answer: as people read it, and as JSON. Neither is made before it is asked for.
package struct Cell {
  private enum Value {
    case none
    case text(String)
    case hexadecimal(UInt64)
    case word(UInt64)
    case number(UInt64)
    case size(UInt64)
    case flag(Bool)
    case named(String, UInt64)
    case indented(String, Int)
    case list([Cell])
    case both(String, JSONValue)
    case made(() -> String, () -> [Member])
  }

  /// One of an object in JSON.
  struct Member {
    let key: String
    let cell: Cell

    init(_ key: String, _ cell: Cell) {
      self.key = key
      self.cell = cell
    }
  }

  private let value: Value

  private init(_ value: Value) { self.value = value }

  package init(_ text: String, json: JSONValue) { value = .both(text, json) }

  /// For what takes long to make: an object in JSON.
  init(text: @escaping () -> String, members: @escaping () -> [Member]) { value = .made(text, members) }

  /// Nothing: `-` and null.
  package static var none: Cell { Cell(.none) }

  package static func text(_ text: String) -> Cell { Cell(.text(text)) }

  package static func text(_ text: String?) -> Cell { text.map(Cell.text) ?? .none }

  /// An address or a word whose bits matter: hexadecimal, a string in JSON.
  package static func hex(_ value: UInt64) -> Cell { Cell(.hexadecimal(value)) }

  /// A word padded to 16 digits, for columns of them.
  package static func word(_ value: UInt64) -> Cell { Cell(.word(value)) }

  package static func number(_ value: UInt64) -> Cell { Cell(.number(value)) }

  package static func number(_ value: Int) -> Cell { number(UInt64(clamping: value)) }

  /// Bytes: with a binary unit for people, a number in JSON.
  package static func size(_ bytes: UInt64) -> Cell { Cell(.size(bytes)) }

  /// Counts of a timer, shown in seconds; JSON has the counts.
  package static func time(_ counts: UInt64?, _ frequency: UInt64) -> Cell {
    guard let counts else { return .none }
    guard frequency > 0, frequency < 1 << 40 else { return .number(counts) }
    let microseconds = counts % frequency * 1_000_000 / frequency
    let fraction = String(1_000_000 + microseconds).dropFirst()
    return Cell("\(counts / frequency).\(fraction) s", json: .number(counts))
  }

  package static func flag(_ value: Bool) -> Cell { Cell(.flag(value)) }

  package static func flag(_ value: Bool?) -> Cell { value.map(Cell.flag) ?? .none }

  /// A word and its name; an object with one member in JSON, or an empty one if the word is 0.
  static func named(_ name: String, _ value: UInt64) -> Cell { Cell(.named(name, value)) }

  /// Text that people see indented by so many steps.
  static func indented(_ text: String, by depth: Int) -> Cell { Cell(.indented(text, depth)) }

  /// Several values: separated by commas, an array in JSON.
  package static func list(_ cells: [Cell]) -> Cell { Cell(.list(cells)) }

  package var text: String {
    switch value {
    case .none: "-"
    case .text(let text), .both(let text, _): text
    case .hexadecimal(let value): Inspection.hexadecimal(value)
    case .word(let value): hexadecimal(value, digits: 16)
    case .number(let value): String(value)
    case .size(let bytes): byteCount(bytes)
    case .flag(let value): value ? "yes" : "no"
    case .named(let name, let value): "\(name) \(Inspection.hexadecimal(value))"
    case .indented(let text, let depth): String(repeating: "  ", count: depth) + text
    case .list(let cells): cells.isEmpty ? "-" : cells.map(\.text).joined(separator: ", ")
    case .made(let text, _): text()
    }
  }

  package var json: JSONValue {
    switch value {
    case .none: .null
    case .text(let text), .indented(let text, _): .string(text)
    case .hexadecimal(let value), .word(let value): .address(value)
    case .number(let value), .size(let value): .number(value)
    case .flag(let value): .bool(value)
    case .named(let name, let value): .object(value == 0 ? [] : [.init(name, .address(value))])
    case .list(let cells): .array(cells.map(\.json))
    case .both(_, let json): json
    case .made(_, let members): .object(members().map { .init($0.key, $0.cell.json) })
    }
  }

  /// Writes the JSON on the present line, without making it a value first where it is one of those that fill large
  /// tables.
  func writeJSON(to text: AnswerText) {
    switch value {
    case .text(let value), .indented(let value, _): JSONValue.write(string: value, to: text)
    case .number(let value), .size(let value): text.append(decimal: value)
    case .hexadecimal(let value), .word(let value):
      text.append(byte: UInt8(ascii: "\""))
      text.append(hexadecimal: value)
      text.append(byte: UInt8(ascii: "\""))
    case .none: text.append("null")
    case .named(let name, let value) where value != 0:
      text.append("{")
      Cell.hex(value).writeMember(name, to: text)
      text.append("}")
    case .flag(let value): text.append(value ? "true" : "false")
    case .made(_, let members): Self.write(members(), to: text)
    default: json.write(to: text, depth: nil)
    }
  }
}

extension Cell {
  private static func write(_ members: [Member], to text: AnswerText) {
    text.append("{")
    for index in members.indices {
      if index > 0 { text.append(", ") }
      members[index].cell.writeMember(members[index].key, to: text)
    }
    text.append("}")
  }

  private func writeMember(_ key: String, to text: AnswerText) {
    JSONValue.write(string: key, to: text)
    text.append(": ")
    writeJSON(to: text)
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
