/// A register as the stub describes it.
struct RegisterDescription: Equatable {
  var name: String
  var number: Int
  var bitWidth: Int
}

/// Finds the registers in a target description.
///
/// Only the start tags `reg` and `xi:include` are looked at; everything else is skipped. No entity is expanded
/// and nothing nests, so a hostile description can do no more than name useless registers.
///
/// Source: "Target Description Format" in the GDB manual.
struct TargetDescriptionScan {
  private(set) var registers: [RegisterDescription] = []
  private var includes: [String] = []
  private var nextNumber = 0

  private static let mostRegisters = 4096
  private static let longestName = 64

  mutating func read(_ text: String) {
    var rest = text.utf8[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
      rest = rest[rest.index(after: start)...]
      if rest.starts(with: "!--".utf8) {
        rest = Self.afterComment(rest)
      } else if let end = Self.endOfTag(rest) {
        read(tag: rest[..<end])
        rest = rest[end...]
      } else {
        return
      }
    }
  }

  /// The annexes named since this was last called.
  mutating func takeIncludes() -> [String] {
    defer { includes = [] }
    return includes
  }

  private mutating func read(tag: Substring.UTF8View) {
    let text = String(Substring(tag))
    let name = text.prefix { !$0.isWhitespace && $0 != "/" }
    let attributes = Self.attributes(text.dropFirst(name.count))
    switch name {
    case "reg": add(attributes)
    case "xi:include":
      if let annex = attributes["href"], Self.isAnnexName(annex) { includes.append(annex) }
    default: return
    }
  }

  private mutating func add(_ attributes: [Substring: String]) {
    guard registers.count < Self.mostRegisters, let name = attributes["name"], name.count <= Self.longestName,
      let bits = attributes["bitsize"].flatMap({ Int($0) }), (1...4096).contains(bits)
    else { return }
    let number = attributes["regnum"].flatMap { Int($0) } ?? nextNumber
    guard (0..<1 << 20).contains(number) else { return }
    nextNumber = number + 1
    registers.append(RegisterDescription(name: name, number: number, bitWidth: bits))
  }

  /// A name that can stand in a `qXfer` request.
  private static func isAnnexName(_ name: String) -> Bool {
    (1...longestName).contains(name.count)
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
  }

  private static func afterComment(_ text: Substring.UTF8View) -> Substring.UTF8View {
    var rest = text
    while !rest.isEmpty, !rest.starts(with: "-->".utf8) { rest = rest.dropFirst() }
    return rest
  }

  /// Where the tag's `>` is, one within quotes aside.
  private static func endOfTag(_ text: Substring.UTF8View) -> Substring.UTF8View.Index? {
    var quote: UInt8?
    for index in text.indices {
      let byte = text[index]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        return index
      }
    }
    return nil
  }

  /// `name="value"` pairs, in either kind of quotes.
  private static func attributes(_ text: Substring) -> [Substring: String] {
    var attributes: [Substring: String] = [:]
    var rest = text
    while let equals = rest.firstIndex(of: "=") {
      let name = rest[..<equals].split(whereSeparator: \.isWhitespace).last ?? ""
      rest = rest[rest.index(after: equals)...].drop(while: \.isWhitespace)
      guard let quote = rest.popFirst(), quote == "\"" || quote == "'",
        let end = rest.firstIndex(of: quote)
      else { break }
      attributes[name] = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
    }
    return attributes
  }
}
