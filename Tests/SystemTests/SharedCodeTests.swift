import TargetLink
import Testing

/// Two domains run the same code at the same address, in a page that neither may write, each in a ProtectionDomain of
/// its own: what the measurements leave running (`Pair.runAlike`). Stock gdb stops one of them there.
@Suite(.serialized) struct SharedCodeTests {
  /// Where `bench_alike` counts a round, from the `b` behind its system call.
  private static let counting = "(long)$pc - 20"
  /// Bytes of a side (`bench_side`).
  private static let sideSize = 368
  /// A side's `count`, and from the second side to the first.
  private static let rounds = "*(long *)($x21 + 192)"
  private static let otherRounds = "*(long *)($x21 - \(sideSize) + 192)"

  /// Calls `body` when both run; nobody is attached.
  private func withPair(_ body: (QEMUMachine) throws -> Void) throws {
    var settings = QEMUSettings(kernel: BuiltFiles.bench)
    // Otherwise the measurements of interrupts take real seconds of the clock.
    settings.arguments = ["-icount", "shift=0,sleep=off", "-rtc", "clock=vm"]
    let machine = try QEMUMachine(settings)
    defer { machine.end() }
    do {
      let console = try Console(of: machine)
      try machine.start()
      try #require(try console.waits(for: "bench done"), "\(console.text)")
    }
    try body(machine)
  }

  /// Rounds of the two at each stop.
  private func rounds(in said: String) -> [(own: Int, other: Int)] {
    said.matches(of: /rounds (\d+) (\d+)/).map { (Int($0.1) ?? 0, Int($0.2) ?? 0) }
  }

  private func number(of domain: String, in threads: String) throws -> Substring {
    let pattern = try Regex<(Substring, Substring)>(#"(\d+) +Thread \d+ \(\#(domain) "#)
    return try #require(threads.firstMatch(of: pattern)?.1, "\(threads)")
  }

  @Test(arguments: ["break", "hbreak"])
  func `a breakpoint in one domain's view of shared code stops that one, and the other runs on through it`(
    kind: String
  ) throws {
    try withPair { machine in
      let threads = try StockGDB.run(machine, ["info threads", "detach"])
      let partner = try number(of: "partner", in: threads)
      let show = "printf \"rounds %ld %ld\\n\", \(Self.rounds), \(Self.otherRounds)"
      let said = try StockGDB.run(
        machine,
        ["thread \(partner)", "\(kind) *(\(Self.counting)) thread \(partner)"]
          + (0..<5).flatMap { _ in ["continue", show] } + ["delete", "detach"])
      #expect(said.matches(of: try Regex(#"Thread \#(partner) hit Breakpoint 1,"#)).count == 5, "\(said)")
      let stops = rounds(in: said)
      try #require(stops.count == 5, "\(said)")
      for (before, after) in zip(stops, stops.dropFirst()) {
        #expect(after.own == before.own + 1, "stopped in each round: \(said)")
      }
      // At a tick one of them has two turns.
      #expect(stops[4].other > stops[0].other, "the other passes the same place: \(said)")
      #expect(!said.contains("Cannot insert breakpoint"), "\(said)")
    }
  }

  @Test func `each is stepped by itself, whichever of the two was stopped`() throws {
    try withPair { machine in
      let threads = try StockGDB.run(machine, ["info threads", "detach"])
      let sides = try ["active", "partner"].map { try number(of: $0, in: threads) }
      let order = sides + sides + sides
      let said = try StockGDB.run(
        machine,
        order.flatMap {
          [
            "thread \($0)", "set $before = $pc", "stepi",
            "printf \"stepped %d by %ld\\n\", $_thread, (long)$pc - (long)$before",
          ]
        } + ["detach"])
      let steps = said.matches(of: /stepped (\d+) by (-?\d+)/)
      #expect(steps.map(\.1) == order, "\(said)")
      #expect(steps.allSatisfy { $0.2 != "0" }, "\(said)")
    }
  }

  @Test func `in non-stop mode one is held at the breakpoint, and the other goes through it meanwhile`()
    throws
  {
    try withPair { machine in
      let gdb = try InteractiveGDB(machine, ["set non-stop on", "set target-async on"])
      let threads = try gdb.expect("info threads", #"partner .*\(running\)"#)
      let partner = try number(of: "partner", in: threads)
      try gdb.expect("thread \(partner)", "Switching to thread")
      try gdb.expect("interrupt", #"Thread \d+ stopped"#)
      try gdb.expect("set $side = $x21", "")
      try gdb.expect("hbreak *(\(Self.counting)) thread \(partner)", "reakpoint 1 at")
      try gdb.expect("continue", "Thread \(partner) hit Breakpoint 1")
      let other =
        "printf \"rounds %ld %ld\\n\", *(long *)($side + 192), *(long *)($side - \(Self.sideSize) + 192)"
      var seen: [(own: Int, other: Int)] = []
      for _ in 0..<50 where seen.last?.other == seen.first?.other || seen.count < 2 {
        seen += rounds(in: try gdb.expect(other, #"rounds \d+ \d+"#))
      }
      let (first, last) = (try #require(seen.first), try #require(seen.last))
      #expect(first.own == last.own, "held: \(gdb.text)")
      #expect(first.other < last.other, "running: \(gdb.text)")
      // Not detached: gdb 13 crashes if it is just taking the other domain past the breakpoint then.
      gdb.end()
    }
  }
}
