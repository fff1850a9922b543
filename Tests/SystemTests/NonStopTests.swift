import TargetLink
import Testing

/// Stock gdb in non-stop mode on the kernel's own stub: it holds one domain, and the others run on.
@Suite(.serialized) struct NonStopTests {
  /// An attached gdb with client-b held, in front of whatever it was about to do.
  private func gdbHoldingClient(_ machine: QEMUMachine) throws -> InteractiveGDB {
    let gdb = try InteractiveGDB(machine, ["set non-stop on", "set target-async on"])
    let threads = try gdb.expect("info threads", #"waiter .*\(running\)"#)
    #expect(threads.matches(of: /\(running\)/).count == 6, "attaching stops nobody: \(threads)")
    try gdb.expect("thread \(number(of: "client-b", in: threads))", "Switching to thread")
    try gdb.expect("interrupt", #"Thread \d+ stopped"#)
    return gdb
  }

  private func number(of domain: String, in threads: String) throws -> Substring {
    let pattern = try Regex<(Substring, Substring)>(#"(\d+) +Thread \d+ \(\#(domain) "#)
    return try #require(threads.firstMatch(of: pattern)?.1, "\(threads)")
  }

  /// What `vesper` sees of a domain by QEMU's stub: the kernel's own is gdb's.
  private func domain(_ name: String, of machine: QEMUMachine) throws -> (state: String, ticks: Int) {
    let run = try Program([BuiltFiles.vesper, "exec", "\(machine.gdb)", "domains"])
    let pattern = try Regex<(Substring, Substring, Substring)>(
      #"\d+  \#(name) +([a-z-]+(?:, held)?) .* (\d+)  0x[0-9a-f]+  0x"#)
    let row = try #require(run.output.firstMatch(of: pattern), "\(run.output)\(run.errors)")
    return (String(row.1), Int(row.2) ?? 0)
  }

  /// Waits until a domain has been charged more time.
  private func runs(_ name: String, _ machine: QEMUMachine) throws -> Bool {
    let before = try domain(name, of: machine).ticks
    for _ in 0..<200 where try domain(name, of: machine).ticks > before { return true }
    return false
  }

  @Test func `one domain is held, the others run on, and after the detach all do`() throws {
    try RunningSystem.with { machine in
      let gdb = try gdbHoldingClient(machine)
      let threads = try gdb.expect("info threads", #"waiter .*\(running\)"#)
      #expect(threads.matches(of: /\(running\)/).count == 5, "\(threads)")
      let held = try domain("client-b", of: machine)
      #expect(held.state.hasSuffix("held"))
      #expect(try runs("client-a", machine))
      #expect(try domain("client-b", of: machine).ticks == held.ticks, "it got no time meanwhile")
      try gdb.expect("info registers pc", "pc +0xa0")
      // Tables and memory are the kernel's own answers, while it runs.
      try gdb.expect("info os domains", "client-b +[a-z-]*held|client-b +blocked")
      try gdb.expect("x/wx &vesper_system_call", "<vesper_system_call>:")
      try gdb.expect("p $x0 = $x0", #"\$1 ="#)
      try gdb.expect("detach", "detached")
      gdb.end()
      #expect(try !domain("client-b", of: machine).state.hasSuffix("held"))
      #expect(try runs("client-b", machine))
    }
  }

  @Test func `a breakpoint, a step and a watchpoint stop one domain`() throws {
    try RunningSystem.with { machine in
      let gdb = try gdbHoldingClient(machine)
      try gdb.expect("break *$pc", "Breakpoint 1 at")
      for _ in 0..<3 { try gdb.expect("continue", #"Thread \d+ hit Breakpoint 1"#) }
      try gdb.expect("stepi", "0x[0-9a-f]+ in")
      #expect(try runs("client-a", machine))
      try gdb.say("delete")
      // In the memory that it shares with the server, of which it writes each byte in turn.
      try gdb.expect("watch *(long *)0xa000200100", "Hardware watchpoint 2")
      try gdb.expect("continue", #"Thread \d+ hit Hardware watchpoint 2"#)
      try gdb.say("delete")
      try gdb.expect("hbreak *$pc", "Hardware assisted breakpoint 3")
      for _ in 0..<2 { try gdb.expect("continue", #"Thread \d+ hit Breakpoint 3"#) }
      try gdb.say("delete")
      try gdb.expect("detach", "detached")
      #expect(try runs("client-b", machine))
    }
  }

  @Test func `all domains can be held, also those that wait, and let go`() throws {
    try RunningSystem.with { machine in
      let gdb = try gdbHoldingClient(machine)
      try gdb.expect("interrupt -a", #"(Thread \d+ stopped[^T]*){5}"#)
      let threads = try gdb.expect("info threads", "waiter .* in ")
      #expect(!threads.contains("(running)"), "\(threads)")
      #expect(try domain("waiter", of: machine).state == "blocked-on-send, held")
      #expect(try domain("client-a", of: machine).state.hasSuffix("held"))
      try gdb.expect("continue -a &", "Continuing")
      #expect(try runs("client-a", machine))
      #expect(try runs("client-b", machine))
    }
  }

  @Test func `a breakpoint in the kernel stops the processor, and who was held stays held`() throws {
    try RunningSystem.with { machine in
      let gdb = try gdbHoldingClient(machine)
      let hit = try gdb.expect("break vesper_interrupt", #"Thread \d+ hit Breakpoint 1, vesper_interrupt"#)
      let kernel = try #require(hit.firstMatch(of: /Thread (\d+) hit/)?.1)
      try gdb.expect("thread \(kernel)", "#0 +vesper_interrupt")
      try gdb.expect("continue &", #"Thread \d+ hit Breakpoint 1, vesper_interrupt"#)
      try gdb.say("delete")
      try gdb.expect("continue &", "Continuing")
      #expect(try runs("client-a", machine))
      #expect(try domain("client-b", of: machine).state.hasSuffix("held"))
    }
  }

  @Test func `a debugger that is killed leaves it held, and the next one finds it`() throws {
    try RunningSystem.with { machine in
      let first = try gdbHoldingClient(machine)
      try first.expect("break *$pc", "Breakpoint 1 at")
      first.end()
      #expect(try domain("client-b", of: machine).state.hasSuffix("held"))
      let second = try InteractiveGDB(machine, ["set non-stop on"])
      let threads = try second.expect("info threads", #"waiter .*\(running\)"#)
      #expect(threads.contains(/\(client-b [a-z, -]*held\) +0x/), "\(threads)")
      try second.expect("detach", "detached")
      #expect(try runs("client-b", machine))
    }
  }
}
