/// What the word before the cursor could become.
package struct Completion: Equatable, Sendable {
  /// How many bytes before the cursor the candidates replace.
  package var replaced: Int
  /// Whole words, each beginning with what is replaced.
  package var candidates: [String]

  package init(replaced: Int, candidates: [String]) {
    self.replaced = replaced
    self.candidates = candidates
  }
}

/// What pressing TAB does.
enum CompletionAction: Equatable {
  case insert(String)
  case list([String])
  case nothing

  /// Inserts all that the candidates agree on; if that is nothing new and TAB is pressed again, lists them.
  init(_ completion: Completion, isRepeated: Bool) {
    let candidates = Set(completion.candidates).sorted()
    guard let first = candidates.first, let last = candidates.last else {
      self = .nothing
      return
    }
    // Of sorted words, the first and the last have in common what all have.
    let common = zip(first, last).prefix { $0 == $1 }.map(\.0)
    let addition = String(decoding: String(common).utf8.dropFirst(completion.replaced), as: UTF8.self)
    if candidates.count == 1 {
      self = .insert(addition + " ")
    } else if !addition.isEmpty {
      self = .insert(addition)
    } else {
      self = isRepeated ? .list(candidates) : .nothing
    }
  }
}

/// Candidates in columns, as many as are worth looking through.
func listing(_ candidates: [String], width: Int) -> [String] {
  let most = 100
  let lines = columns(Array(candidates.prefix(most)), width: width)
  return candidates.count > most ? lines + ["and \(candidates.count - most) more"] : lines
}

/// Words in columns, read downwards, in lines at most `width` wide where they fit.
func columns(_ words: [String], width: Int) -> [String] {
  let columnWidth = (words.map(\.count).max() ?? 0) + 2
  let columnCount = max(1, width / columnWidth)
  let rowCount = (words.count + columnCount - 1) / columnCount
  return (0..<rowCount).map { row in
    stride(from: row, to: words.count, by: rowCount).map { index in
      let isLast = index + rowCount >= words.count
      let padding = isLast ? 0 : columnWidth - words[index].count
      return words[index] + String(repeating: " ", count: padding)
    }.joined()
  }
}
