import TargetLink
import Testing

/// The image with examples of schedulers: they print what their clients did, and here it is judged.
@Suite(.serialized) struct ExampleTests {
  @Test func `each example of a scheduler has the property that it is for`() throws {
    var settings = QEMUSettings(kernel: BuiltFiles.examples)
    // Time is what the programs execute, so that what they print is the same each time.
    settings.arguments = ["-icount", "shift=0,sleep=off", "-rtc", "clock=vm"]
    let machine = try QEMUMachine(settings)
    defer { machine.end() }
    let console = try Console(of: machine)
    try machine.start()
    try #require(try console.waits(for: "root: done", bound: .seconds(300)), "\(console.text)")
    let text = console.text.replacing("\r", with: "")
    checkShares("round-robin: client [0-9]+: ([0-9]+)", tickets: [1, 1, 1], text)
    checkShares("strides: [0-9]+ tickets: ([0-9]+)", tickets: [1, 3, 6], text)
    try checkPriorities(text)
    try checkDeadlines(text)
  }

  /// Shares are within 1 % of all.
  private func checkShares(_ pattern: String, tickets: [Double], _ text: String) {
    let counts = numbers(pattern, text).map { Double($0[0]) }
    #expect(counts.count == tickets.count, "\(text)")
    let total = counts.reduce(0, +)
    for (count, share) in zip(counts, tickets) {
      #expect(abs(count / total - share / tickets.reduce(0, +)) < 0.01, "\(counts)")
    }
  }

  /// No client worked while a higher one was ready; by the wrong order of the same clients, the lowest did.
  private func checkPriorities(_ text: String) throws {
    let halves = text.split(separator: "root: the other way round")
    try #require(halves.count == 2, "\(text)")
    let pattern = "priorities: [0-9]+: ([0-9]+), ([0-9]+) wrong"
    let right = numbers(pattern, String(halves[0]))
    try #require(right.count == 3, "\(text)")
    for level in right { #expect(level[0] >= 10_000 && level[1] == 0, "\(right)") }
    let wrong = numbers(pattern, String(halves[1]))
    #expect(wrong.count == 3 && wrong.last?[1] ?? 0 > 10_000, "\(wrong)")
  }

  private func checkDeadlines(_ text: String) throws {
    let halves = text.split(separator: "root: 110 %")
    try #require(halves.count == 2, "\(text)")
    let pattern = "deadlines: ([0-9]+) us: ([0-9]+) met, ([0-9]+) not"
    let feasible = numbers(pattern, String(halves[0]))
    try #require(feasible.count == 3, "\(text)")
    for task in feasible {
      #expect(task[2] == 0, "a deadline was missed: \(feasible)")
      #expect(task[1] + 1 >= 600_000 / task[0], "jobs were left out: \(feasible)")
    }
    let idle = numbers("deadlines: idle ([0-9]+) of 600000", String(halves[0]))
    try #require(idle.count == 1, "\(text)")
    #expect((18_000...33_000).contains(idle[0][0]), "that is not 95 %: \(idle)")
    let overloaded = numbers(pattern, String(halves[1]))
    #expect(overloaded.count == 3 && overloaded.contains { $0[2] > 0 }, "\(overloaded)")
  }

  /// What the pattern's groups hold, for each of its matches.
  private func numbers(_ pattern: String, _ text: String) -> [[Int]] {
    guard let expression = try? Regex(pattern) else { return [] }
    return text.matches(of: expression).map { match in
      match.output.dropFirst().compactMap { $0.substring.flatMap { Int($0) } }
    }
  }
}
