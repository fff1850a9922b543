/// The measured times, beside what they are to be compared with.
struct Report {
  /// What a time should be, as a multiple of another.
  enum Goal {
    case none
    case atMost(Double)
    case atLeast(Double)
    /// In seconds, whatever the rest takes.
    case under(Double)
  }

  private var lines: [String] = []
  private(set) var missed: [String] = []

  mutating func begin(_ title: String) { lines.append("\n\(title)") }

  /// A row, with its time as a multiple of `reference`, if there is one.
  mutating func add(_ name: String, _ seconds: Double, of reference: Double? = nil, _ goal: Goal = .none) {
    let ratio = reference.map { seconds / $0 }
    let isMet: Bool
    let text: String
    switch goal {
    case .none: (text, isMet) = ("", true)
    case .atMost(let limit): (text, isMet) = ("at most \(limit)", (ratio ?? .infinity) <= limit)
    case .atLeast(let limit): (text, isMet) = ("at least \(limit)", (ratio ?? 0) >= limit)
    case .under(let limit): (text, isMet) = ("under \(Int(limit * 1000)) ms", seconds < limit)
    }
    if !isMet { missed.append(name) }
    let verdict = text.isEmpty ? "" : "\(padded(text, to: 14)) \(isMet ? "met" : "missed")"
    let row =
      padded("  " + name, to: 66) + aligned(milliseconds(seconds), to: 12)
      + aligned(ratio.map { fixed($0, 2) } ?? "", to: 10) + "  " + verdict
    lines.append(trimmed(row))
  }

  mutating func leaveOut(_ name: String, because reason: String) {
    lines.append("  \(name): left out, \(reason)")
  }

  var text: String {
    padded("", to: 66) + aligned("ms", to: 12) + aligned("ratio", to: 10) + "  goal"
      + lines.map { "\n" + $0 }.joined()
  }

  private func milliseconds(_ seconds: Double) -> String { fixed(seconds * 1000, seconds < 1 ? 2 : 0) }

  private func fixed(_ value: Double, _ places: Int) -> String {
    let scale = places == 0 ? 1 : 100
    let number = Int((value * Double(scale)).rounded())
    guard places > 0 else { return String(number) }
    let rest = String(number % scale)
    return "\(number / scale).\(rest.count < 2 ? "0" : "")\(rest)"
  }

  private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func aligned(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
