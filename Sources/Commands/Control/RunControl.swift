internal import Inspection
package import TargetLink

extension Command {
  static let resume = Command(
    "continue", aliases: ["c"],
    summary: "Let the system run",
    discussion: """
      Returns at once: over a way in that can read a running system, everything can still be inspected. `wait` \
      waits until the system stops.
      """,
    example: "continue", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    if session.target.state == .running { return Answer("the system runs already") }
    try session.control { () throws(TargetError) in
      try session.stepOffBreakpoint()
      if session.target.state != .running { try session.target.resume() }
    }
    return Answer("the system runs")
  }

  static let interrupt = Command(
    "interrupt", aliases: ["stop"],
    summary: "Stop the system",
    discussion: "Ctrl-C in the shell does the same. A stopped system remains so.",
    example: "interrupt", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    let event = try session.control { () throws(TargetError) in try session.target.interrupt() }
    return try session.stopAnswer(event)
  }

  static let step = Command(
    "step", aliases: ["s", "si", "stepi"],
    summary: "Execute one instruction, or several",
    usage: "[COUNT]",
    discussion:
      "Executes COUNT instructions (1, if none is given; at most 1,000,000), or fewer if something stops the system.",
    example: "step 3", wordCount: 0...1
  ) { session, arguments throws(CommandError) in
    let count = try arguments.words.first.map { word throws(CommandError) in try stepCount(word) } ?? 1
    guard session.target.state != .running else {
      throw CommandError(.running(operation: "stepping"))
    }
    let event = try session.control { () throws(TargetError) in
      var event = try session.target.step()
      for _ in 1..<count where event.reason == .trap { event = try session.target.step() }
      return event
    }
    return try session.stopAnswer(event)
  }

  private static func stepCount(_ word: String) throws(CommandError) -> Int {
    guard let count = Snapshot.number(word), (1...1_000_000).contains(count) else {
      throw CommandError(.usage, "`\(word.printable)` is no number of steps from 1 to 1000000")
    }
    return Int(count)
  }

  static let wait = Command(
    "wait",
    summary: "Wait until the system stops",
    usage: "[SECONDS]",
    discussion:
      "Waits at most SECONDS (10, if none is given; at most 3600) for a breakpoint, a fault or an interrupt from outside.",
    example: "wait 5", wordCount: 0...1
  ) { session, arguments throws(CommandError) in
    let seconds = arguments.words.first.map(Snapshot.number) ?? 10
    guard let seconds, seconds <= 3600 else {
      throw CommandError(.usage, "`\(arguments.words[0].printable)` is no number of seconds up to 3600")
    }
    if case .stopped(let event) = session.target.state { return try session.stopAnswer(event) }
    let event = try session.control { () throws(TargetError) in
      try session.target.waitForStop(timeout: .seconds(Int64(seconds)))
    }
    guard let event else { throw CommandError(.refused, "the system still runs after \(seconds) seconds") }
    return try session.stopAnswer(event)
  }
}

extension CommandSession {
  /// Does what lets the target run or stop; what was read before says nothing about the time after.
  func control<Result>(_ body: () throws(TargetError) -> Result) throws(CommandError) -> Result {
    forgetSnapshot()
    do throws(TargetError) { return try body() } catch { throw CommandError(error) }
  }

  /// A target that continues at a breakpoint hits it again: so one instruction is done first.
  func stepOffBreakpoint() throws(TargetError) {
    guard !breakpoints.isEmpty, target.capabilities.contains(.registers) else { return }
    let pc = try target.readRegisters().first { $0.name == "pc" }?.value
    guard let breakpoint = breakpoints.first(where: { $0.address == pc }) else { return }
    try target.clearBreakpoint(at: breakpoint.address)
    _ = try target.step()
    try target.setBreakpoint(at: breakpoint.address)
  }

  /// Why and where the target stopped.
  package func stopAnswer(_ event: StopEvent) throws(CommandError) -> Answer {
    var pc: UInt64?
    if target.capabilities.contains(.registers) {
      let registers = try control { () throws(TargetError) in try self.target.readRegisters() }
      pc = registers.first { $0.name == "pc" }?.value
    }
    let number = breakpoints.first { $0.address == pc }?.number
    return Answer(
      "stop",
      [
        .init("stopped", "reason", .text(reason(event, breakpoint: number))),
        .init("pc", "pc", pc.map(Cell.hex) ?? .none),
        .init("in", "symbol", .text(pc.flatMap { symbols?.describe($0) })),
      ])
  }

  private func reason(_ event: StopEvent, breakpoint: Int?) -> String {
    switch event.reason {
    case .trap, .breakpoint: breakpoint.map { "breakpoint \($0)" } ?? "trap"
    case .watchpoint(let address): "watchpoint at \(hexadecimal(address))"
    case .interrupt: "interrupt"
    case .exited(let status): "the system ended with status \(status)"
    case .signal(let number): "signal \(number)"
    }
  }
}
