/// The results of a program that prints the Test Anything Protocol (testanything.org, version 13).
struct TestAnythingProtocol {
  /// One line of result.
  struct Result {
    var number: Int
    var name: String
    var isOK: Bool
    /// The comments that follow it.
    var diagnosis: [String] = []
  }

  private(set) var results: [Result] = []
  /// How many results the program says that there are; nil if it did not come to say so.
  private(set) var plan: Int?

  /// Lines of other kinds are left out: the console also carries what the kernel says.
  init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      if let match = line.wholeMatch(of: /(not )?ok (\d+) - (.+)/), let number = Int(match.2) {
        results.append(Result(number: number, name: String(match.3), isOK: match.1 == nil))
      } else if let match = line.wholeMatch(of: /1\.\.(\d+)/) {
        plan = Int(match.1)
      } else if line.hasPrefix("# "), !results.isEmpty {
        results[results.count - 1].diagnosis.append(String(line))
      }
    }
  }
}
