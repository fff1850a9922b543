/// As much of JSON as a monitor's answers need.
enum JSONText {
  /// The string that is the value of the first `key` (with its quotes); `nil` if that is no string.
  static func string(after key: String, in text: String) -> String? {
    guard let place = text.firstRange(of: key) else { return nil }
    var rest = text[place.upperBound...].drop { $0 == ":" || $0 == " " }
    guard rest.popFirst() == "\"" else { return nil }
    var value = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return value
      case "\\":
        guard let escape = rest.popFirst(), let meant = unescape(escape, &rest) else { return nil }
        value.append(meant)
      default: value.append(character)
      }
    }
    return nil
  }

  static func escaped(_ text: String) -> String {
    String(text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] })
  }

  /// Carriage returns are left out, since lines are what is looked for.
  private static func unescape(_ escape: Character, _ rest: inout Substring) -> String? {
    switch escape {
    case "n": return "\n"
    case "t": return "\t"
    case "r", "b", "f": return ""
    case "u":
      let digits = rest.prefix(4)
      rest = rest.dropFirst(4)
      return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    default: return String(escape)
    }
  }
}
