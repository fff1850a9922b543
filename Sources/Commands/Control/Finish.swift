internal import Inspection
package import TargetLink

extension Command {
  static let finish = Command(
    "finish", aliases: ["fin"],
    summary: "Execute the rest of what the kernel is doing, until its objects are at rest",
    discussion: """
      For a system that was stopped in the middle of a kernel operation: what is read then may contradict itself. \
      Executes instruction by instruction until the kernel's epoch is even, at most 100,000 of them. A system whose \
      objects are at rest stays where it is.
      """,
    example: "finish", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    guard session.target.state != .running else { throw CommandError(.running(operation: "finishing")) }
    guard try session.isAmidChange() else { return Answer("the kernel's objects are at rest") }
    return try session.stopAnswer(try session.runToExit())
  }
}

extension CommandSession {
  /// More than any kernel entry takes, which is 10,000 instructions.
  private static let longestOperation = 100_000

  /// Whether the target is stopped where the kernel is changing its objects, and could be made to go on.
  package func isAmidChange() throws(CommandError) -> Bool {
    guard target.state != .running, target.capabilities.contains(.runControl) else { return false }
    return try read { () throws(TargetError) in try !Snapshot.epoch(of: target, layouts).isMultiple(of: 2) }
  }

  /// Executes the rest of a kernel operation, up to the moment when the kernel's objects are at rest.
  ///
  /// By single steps, since nobody knows where the kernel leaves its objects but the kernel.
  @discardableResult
  package func runToExit() throws(CommandError) -> StopEvent {
    let event = try control { () throws(TargetError) -> StopEvent? in
      for _ in 0..<Self.longestOperation {
        let event = try target.step()
        if try Snapshot.epoch(of: target, layouts).isMultiple(of: 2) { return event }
        guard event.reason == .trap || event.reason == .breakpoint else { return event }
      }
      return nil
    }
    if let event { return event }
    throw CommandError(
      .refused, "the kernel's objects are not at rest after \(Self.longestOperation) instructions")
  }
}
