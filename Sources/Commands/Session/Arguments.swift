internal import Inspection

/// The words of a command line after the command's own.
struct Arguments {
  private(set) var words: [String]
  private(set) var options: Set<String> = []

  /// Options of every command.
  static let common = ["--json", "--stop"]

  /// Separates options, which begin with `-` and are not numbers, from the words.
  init(_ words: [String], accepting accepted: [String], of command: String) throws(CommandError) {
    self.words = []
    for word in words {
      if word.hasPrefix("-"), word.count > 1 {
        guard accepted.contains(word) || Self.common.contains(word) else {
          let known = (accepted + Self.common).joined(separator: ", ")
          throw CommandError(.usage, "`\(command)` has no option \(word.printable); it has \(known)")
        }
        options.insert(word)
      } else {
        self.words.append(word)
      }
    }
  }

  var wantsJSON: Bool { options.contains("--json") }

  /// Whether a running system is to be stopped while it is read.
  var wantsStop: Bool { options.contains("--stop") }
}

/// Splits a line into words as a shell would: blanks separate, quotes and backslashes keep together.
enum LineSplitter {
  struct Split {
    var words: [String] = []
    /// Whether the line ends inside of the last word, so that it may still be completed.
    var endsInWord = false
  }

  static func split(_ line: String) throws(CommandError) -> Split {
    let (split, openQuote) = scan(line)
    if let openQuote { throw CommandError(.usage, "the quote \(openQuote) is not closed") }
    return split
  }

  /// Splits what may be unfinished.
  static func scan(_ line: String) -> (split: Split, openQuote: Character?) {
    var split = Split()
    var quote: Character?
    var isEscaped = false
    for character in line {
      if isEscaped || (quote != nil && character != quote && character != "\\") {
        split.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if character == "'" || character == "\"" {
        quote = character
        split.begin()
      } else if character == " " || character == "\t" {
        split.endsInWord = false
      } else {
        split.append(character)
      }
    }
    return (split, quote)
  }
}

extension LineSplitter.Split {
  mutating func begin() {
    if !endsInWord { words.append("") }
    endsInWord = true
  }

  mutating func append(_ character: Character) {
    begin()
    words[words.count - 1].append(character)
  }
}
