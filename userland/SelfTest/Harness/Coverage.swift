internal import KernelObjects
internal import LibVesper

/// Refusals of invocations that cases saw, each once: invocation, status and argument.
struct Coverage {
  private var seen = InlineArray<400, UInt32>(repeating: 0)
  private var count = 0

  mutating func add(_ answer: Answer) {
    guard answer.invocation != 0, count < seen.count else { return }
    let entry = UInt32(
      truncatingIfNeeded: answer.invocation << 16 | answer.status << 8 | answer.argument & 255)
    for index in 0..<count where seen[index] == entry { return }
    seen[count] = entry
    count += 1
  }

  /// A line each, for whoever compares them with the manual.
  func tell(_ report: Report) {
    for index in 0..<count {
      let entry = UInt64(seen[index])
      let status = Status(rawValue: entry >> 8 & 255)?.name ?? "unknown-status"
      report.note("refused \(hexadecimal: entry >> 16) \(status) \(entry & 255)")
    }
  }
}
