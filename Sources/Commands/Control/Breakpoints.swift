internal import Inspection
internal import TargetLink

/// A breakpoint that this session has set.
package struct Breakpoint: Equatable, Sendable {
  package let number: Int
  package let address: UInt64
}

extension Command {
  static let breakpoint = Command(
    "break", aliases: ["b"],
    summary: "Stop the system before it executes an instruction; list the breakpoints",
    usage: "[ADDRESS]",
    discussion: """
      ADDRESS is a virtual address, a symbol of the kernel, or a register such as $x30. Without it the breakpoints \
      of this session are listed. They are removed when the session ends.
      """,
    example: "break 0xffff000040200800", arguments: [.symbol], wordCount: 0...1
  ) { session, arguments throws(CommandError) in
    guard let word = arguments.words.first else { return Answer("breakpoints", table(session)) }
    let address = try session.address(word)
    if let known = session.breakpoints.first(where: { $0.address == address }) {
      return Answer("breakpoint \(known.number) is there already")
    }
    let breakpoint = try session.addBreakpoint(at: address)
    return Answer(
      "breakpoint",
      [
        .init("breakpoint", "number", .number(breakpoint.number)), .init("at", "address", .hex(address)),
        .init("in", "symbol", .text(session.symbols?.describe(address))),
      ])
  }

  static let delete = Command(
    "delete", aliases: ["d"],
    summary: "Remove a breakpoint, or all",
    usage: "[NUMBER]",
    discussion: "NUMBER is that of `break`; without it all breakpoints of this session are removed.",
    example: "delete 1", wordCount: 0...1
  ) { session, arguments throws(CommandError) in
    var doomed = session.breakpoints
    if let word = arguments.words.first {
      doomed = doomed.filter { String($0.number) == word }
      guard !doomed.isEmpty else {
        throw CommandError(.usage, "there is no breakpoint \(word.printable); `break` lists them")
      }
    }
    for breakpoint in doomed { try session.remove(breakpoint) }
    return Answer("\(doomed.count) removed")
  }

  private static func table(_ session: CommandSession) -> Table {
    var table = Table([.init("NO", "number", .right), .init("ADDRESS", "address"), .init("SYMBOL", "symbol")])
    for breakpoint in session.breakpoints {
      table.add([
        .number(breakpoint.number), .hex(breakpoint.address),
        .text(session.symbols?.describe(breakpoint.address)),
      ])
    }
    return table
  }
}

extension CommandSession {
  func addBreakpoint(at address: UInt64) throws(CommandError) -> Breakpoint {
    try whileStopped { () throws(TargetError) in try self.target.setBreakpoint(at: address) }
    let breakpoint = Breakpoint(number: nextBreakpoint, address: address)
    nextBreakpoint += 1
    breakpoints.append(breakpoint)
    return breakpoint
  }

  func remove(_ breakpoint: Breakpoint) throws(CommandError) {
    try whileStopped { () throws(TargetError) in try self.target.clearBreakpoint(at: breakpoint.address) }
    breakpoints.removeAll { $0 == breakpoint }
  }

  /// Breakpoints can only be changed while the system is stopped, so it is for a moment if it runs.
  private func whileStopped(_ body: () throws(TargetError) -> Void) throws(CommandError) {
    do throws(TargetError) { try target.whileStopped(body) } catch { throw CommandError(error) }
  }
}
