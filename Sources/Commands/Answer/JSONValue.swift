internal import Inspection

/// A JSON value whose objects keep the order they were written in, so that the same answer is the same text.
package indirect enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(UInt64)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Equatable, Sendable {
    package var key: String
    package var value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// An address, as every JSON reader can keep it: a string with `0x`.
  package static func address(_ value: UInt64) -> JSONValue { .string("0x" + String(value, radix: 16)) }
}

extension JSONValue {
  /// RFC 8259 text, indented by two spaces, without a newline at the end.
  package var text: String { text(WorkMeter()) }

  /// Unfinished if the meter stops.
  func text(_ meter: WorkMeter) -> String {
    var text = ""
    write(to: &text, indent: "\n", meter)
    return text
  }

  /// `indent` is a newline and the indentation of the line that the value begins on.
  private func write(to text: inout String, indent: String, _ meter: WorkMeter) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let value): text += String(value)
    case .string(let value): Self.write(string: value, to: &text)
    case .array(let values):
      Self.write(count: values.count, "[", "]", to: &text, indent: indent) { text, inner, index in
        if meter.advance() { values[index].write(to: &text, indent: inner, meter) }
      }
    case .object(let members):
      Self.write(count: members.count, "{", "}", to: &text, indent: indent) { text, inner, index in
        Self.write(string: members[index].key, to: &text)
        text += ": "
        members[index].value.write(to: &text, indent: inner, meter)
      }
    }
  }

  private static func write(
    count: Int, _ open: String, _ close: String, to text: inout String, indent: String,
    element: (inout String, String, Int) -> Void
  ) {
    text += open
    let inner = indent + "  "
    for index in 0..<count {
      text += (index == 0 ? "" : ",") + inner
      element(&text, inner, index)
    }
    text += (count == 0 ? "" : indent) + close
  }

  private static func write(string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7f}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
