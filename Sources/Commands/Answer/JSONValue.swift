internal import Inspection

/// A JSON value whose objects keep the order they were written in, so that the same answer is the same text.
package enum JSONValue: Equatable, Sendable {
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
  /// RFC 8259 text without a newline at the end: what is not in a row of a table is indented by two spaces.
  package var text: String {
    let text = AnswerText()
    write(to: text, depth: 0)
    return text.string
  }

  /// Writes the value, which begins on a line of the given depth; with none, all of it is on the present line.
  func write(to text: AnswerText, depth: Int?) {
    switch self {
    case .null: text.append("null")
    case .bool(let value): text.append(value ? "true" : "false")
    case .number(let value): text.append(decimal: value)
    case .string(let value): Self.write(string: value, to: text)
    case .array(let values):
      Self.write(count: values.count, "[", "]", to: text, depth: depth) { index in
        values[index].write(to: text, depth: depth.map { $0 + 1 })
      }
    case .object(let members):
      Self.write(count: members.count, "{", "}", to: text, depth: depth) { index in
        Self.write(string: members[index].key, to: text)
        text.append(": ")
        members[index].value.write(to: text, depth: depth.map { $0 + 1 })
      }
    }
  }

  /// Writes an array or an object, each element of it on a line of its own if there is a depth.
  static func write(
    count: Int, _ open: String, _ close: String, to text: AnswerText, depth: Int?,
    element: (Int) -> Void
  ) {
    let separator = depth.map { ",\n" + indentation($0 + 1) } ?? ", "
    text.append(open)
    if let depth, count > 0 { text.append("\n" + indentation(depth + 1)) }
    for index in 0..<count {
      if index > 0 { text.append(separator) }
      element(index)
    }
    if let depth, count > 0 { text.append("\n" + indentation(depth)) }
    text.append(close)
  }

  private static func indentation(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

  static func write(string: String, to text: AnswerText) {
    text.append(byte: UInt8(ascii: "\""))
    write(characters: string, to: text)
    text.append(byte: UInt8(ascii: "\""))
  }

  /// Writes a part of a string, without quotation marks around it.
  static func write(characters string: String, to text: AnswerText) {
    let isWritten = string.utf8.withContiguousStorageIfAvailable { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      guard isPlain(bytes) else { return false }
      text.append(bytes)
      return true
    }
    if isWritten == true { return }
    for byte in string.utf8 { write(byte, to: text) }
  }

  /// RFC 8259, section 7, and DEL, which a terminal does not show.
  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f
  }

  /// Whether nothing is escaped, eight bytes at a time: most of the strings of a dump are names.
  private static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let last = bytes.count - 8
    if last < 0 { return !bytes.contains(where: isEscaped) }
    var offset = 0
    while true {
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if mayHaveEscaped(word) { return !bytes[offset...].contains(where: isEscaped) }
      if offset == last { return true }
      offset = min(offset + 8, last)
    }
  }

  /// Whether one of eight bytes may be escaped: a subtraction below sets the highest bit of each that is, and of some
  /// that are not.
  private static func mayHaveEscaped(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
    let controls = (word &- ones &* 0x20) & ~word
    let quotationMarks = zeros(word ^ ones &* UInt64(UInt8(ascii: "\"")))
    let backslashes = zeros(word ^ ones &* UInt64(UInt8(ascii: "\\")))
    let deletes = zeros(word ^ ones &* 0x7f)
    return (controls | quotationMarks | backslashes | deletes) & (ones &* 0x80) != 0
  }

  private static func write(_ byte: UInt8, to text: AnswerText) {
    switch byte {
    case UInt8(ascii: "\""): text.append("\\\"")
    case UInt8(ascii: "\\"): text.append("\\\\")
    case UInt8(ascii: "\n"): text.append("\\n")
    case UInt8(ascii: "\r"): text.append("\\r")
    case UInt8(ascii: "\t"): text.append("\\t")
    case _ where isEscaped(byte):
      let digits = String(byte, radix: 16)
      text.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    default: text.append(byte: byte)
    }
  }
}
