/// What people call a Swift function, out of what the demangler says of it.
enum SymbolName {
  /// Drops what was specialised and how, the attributes before the name, and the parameters and result after it.
  static func shortened(_ name: String) -> String {
    var rest = name[...]
    while let of = endOfSpecialization(rest) { rest = rest[of...] }
    for attribute in ["static ", "merged ", "outlined "] where rest.hasPrefix(attribute) {
      rest = rest.dropFirst(attribute.count)
    }
    let short = withoutBrackets(rest)
    return short.isEmpty ? name : short
  }

  /// After `… specialization <…> of `.
  private static func endOfSpecialization(_ text: Substring) -> Substring.Index? {
    guard let open = text.firstIndex(of: "<"), text[..<open].hasSuffix("specialization ") else { return nil }
    let rest = skippingBrackets(text[open...])
    return rest.hasPrefix(" of ") ? rest.index(rest.startIndex, offsetBy: 4) : nil
  }

  /// Up to the parameters, without generic arguments; of a private name, `(receive in _…)`, the name.
  private static func withoutBrackets(_ text: Substring) -> String {
    var short = ""
    var rest = text
    while let character = rest.first, character != " " {
      if character == "<" {
        rest = skippingBrackets(rest)
      } else if character == "(" {
        guard short.isEmpty || short.last == "." else { break }
        short += rest.dropFirst().prefix { $0 != " " && $0 != ")" }
        rest = rest.drop { $0 != ")" }.dropFirst()
      } else {
        short.append(character)
        rest = rest.dropFirst()
      }
    }
    return short
  }

  /// What follows the `>` that closes the `<` at the start.
  private static func skippingBrackets(_ text: Substring) -> Substring {
    var depth = 0
    for index in text.indices {
      depth += text[index] == "<" ? 1 : text[index] == ">" ? -1 : 0
      if depth == 0 { return text[text.index(after: index)...] }
    }
    return ""
  }
}
