import Testing

@testable import TargetLink

/// Stock gdb on the kernel's own stub, over the UART.
@Suite(.serialized) struct GDBTests {
  @Test func `attach, look, break, step, go on, detach, attach again`() throws {
    try RunningSystem.with { machine in
      let first = try StockGDB.run(
        machine,
        [
          "info registers pc sp cpsr", "info threads", "break vesper_system_call", "continue", "bt", "stepi",
          "step", "x/2i $pc", "delete", "detach",
        ])
      #expect(first.contains("server"), "domains are threads: \(first)")
      #expect(first.contains("hit Breakpoint 1, vesper_system_call"), "\(first)")
      #expect(first.contains(/#0 .*Traps\.swift:\d+/), "a Swift line: \(first)")
      #expect(first.contains(/#1 .*vectors\.S:\d+/), "the trap below it: \(first)")
      #expect(first.contains("=>"), "\(first)")
      #expect(first.contains("detached"), "\(first)")
      #expect(!first.contains("Remote connection closed"), "\(first)")
      let second = try StockGDB.run(machine, ["info registers pc", "detach"])
      #expect(second.contains(/pc +0x/), "\(second)")
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "after gdb has left, text is text: \(console.text)")
    }
  }

  @Test func `a bad address is an error, and the system lives`() throws {
    try RunningSystem.with { machine in
      let said = try StockGDB.run(
        machine,
        [
          "x/gx 0x10", "x/gx 0xffff00f000000000", "set {long}0xffff00f000000000 = 1", "info registers pc",
          "detach",
        ])
      #expect(said.contains("Cannot access memory at address 0x10"), "\(said)")
      #expect(said.contains("Cannot access memory at address 0xffff00f000000000"), "\(said)")
      #expect(said.contains(/pc +0x/), "\(said)")
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "\(console.text)")
    }
  }

  @Test func `stepping goes from the kernel's handler through the return to user level`() throws {
    try RunningSystem.with { machine in
      let said = try StockGDB.run(
        machine,
        ["tbreak vesper_system_call", "continue", "finish"] + Array(repeating: "stepi", count: 4) + [
          "info threads", "info registers pc", "hbreak *$pc", "continue", "info registers pc", "detach",
        ])
      #expect(said.contains("user_synchronous ()"), "finish ends where the handler returns to: \(said)")
      #expect(said.contains("hit Breakpoint 2"), "the registers break at user level: \(said)")
      let places = said.matches(of: /pc +(0x[0-9a-f]+)/).map(\.1)
      #expect(places.count == 2 && places[0] == places[1] && !places[0].hasPrefix("0xffff"), "\(said)")
    }
  }

  @Test func `a breakpoint in an interrupt handler stops, and the system goes on`() throws {
    try RunningSystem.with { machine in
      let said = try StockGDB.run(
        machine,
        ["break vesper_interrupt", "continue", "continue", "delete", "rwatch *(char*)&__descriptor_start"]
          + ["hbreak vesper_idle", "detach"])
      #expect(said.matches(of: /hit Breakpoint 1, vesper_interrupt/).count == 2, "\(said)")
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "\(console.text)")
    }
  }

  @Test(arguments: ["&exception_vectors", "(long)&resume_context + 4", "&memcpy", "&vesper_nested_exception"])
  func `no breakpoint can be where it could not be returned from, or in the debugger's path`(
    place: String
  ) throws {
    try RunningSystem.with { machine in
      let said = try StockGDB.run(
        machine, ["break *(\(place))", "continue", "delete", "detach"])
      #expect(said.contains("Cannot insert breakpoint 1"), "\(said)")
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "\(console.text)")
    }
  }

  @Test func `a breakpoint in what the debugger shares with the kernel is stepped aside`() throws {
    try RunningSystem.with { machine in
      let said = try StockGDB.run(
        machine,
        ["set breakpoint always-inserted on", "rbreak PL011.*send", "info breakpoints", "stepi", "x/i $pc"]
          + ["tbreak vesper_system_call", "continue", "delete", "detach"])
      #expect(said.contains("breakpoint     keep y"), "\(said)")
      #expect(said.contains("hit Temporary breakpoint"), "\(said)")
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "\(console.text)")
    }
  }

  @Test func `floating-point registers are each domain's own, in the processor or out of it`() throws {
    try RunningSystem.with { machine in
      // Where client-b runs, two instructions of its program are replaced: `fadd d1, d0, d0` and `fmov d2, #1.0`.
      let said = try StockGDB.run(
        machine,
        [
          "thread 4", "tbreak *$pc", "continue", "set $place = $pc", "set $code = *(long *)$pc",
          "set $v0.d.f[0] = 1.25", "set {int}$place = 0x1e602801", "set {int}($place + 4) = 0x1e6e1002",
          "stepi", "print $d1.f", "set $v31.d.u[1] = 7", "set $fpcr = 0x400000", "stepi",
          "print $d2.f + $d1.f", "print $v31.d.u", "print/x $fpcr", "print $pc - $place",
          "info registers d1", "info registers fpsr", "thread 3", "print $d1.f == 0", "thread 4",
          "set {long}$place = $code", "set $pc = $place", "detach",
        ])
      for value in ["$1 = 2.5\n", "$2 = 3.5\n", "$3 = {0, 7}\n", "$4 = 0x400000\n", "$5 = 8\n", "$6 = 1\n"] {
        #expect(said.contains(value), "\(value): \(said)")
      }
      #expect(said.contains(/d1 +{f = 0x[0-9a-f]+, u = 0x4004000000000000,/), "\(said)")
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "\(console.text)")
    }
  }

  @Test func `the kernel has no floating-point registers to show or to change`() throws {
    try RunningSystem.with { machine in
      let said = try StockGDB.run(
        machine,
        [
          "tbreak vesper_interrupt", "continue", "print $v0", "set $fpcr = 1", "info registers fpcr",
          "detach",
        ])
      #expect(said.contains("$1 = <unavailable>") || said.contains("value is not available"), "\(said)")
      #expect(said.contains("Could not write register \"fpcr\""), "\(said)")
    }
  }

  @Test func `info os lists the kernel's objects as tables`() throws {
    try RunningSystem.with { machine in
      let said = try StockGDB.run(
        machine,
        ["info os"] + ["domains", "endpoints", "interrupts", "mappings", "slices"].map { "info os \($0)" } + [
          "info os capabilities", "info mem", "info threads", "x/wx 0xffff000009000018", "detach",
        ])
      for table in ["domains", "capabilities", "endpoints", "mappings", "interrupts", "slices"] {
        #expect(said.contains("\n\(table) "), "\(table) is not listed: \(said)")
      }
      #expect(said.contains(/0x[0-9a-f]+ +clock +blocked-on-notification/), "\(said)")
      #expect(said.contains(/34 +user level +level/), "\(said)")
      #expect(said.contains(/0x[0-9a-f]+f00000 +0x9010000 +rw- +device/), "the clock's device: \(said)")
      #expect(said.contains(/0x[0-9a-f]+ +irq-handler/), "\(said)")
      #expect(said.contains("0xffff000000000000"), "the memory map: \(said)")
      #expect(said.contains(/0xffff000009000018:\s+0x/), "the UART can be looked at: \(said)")
    }
  }

  @Test func `monitor commands answer, a line is stepped as a range, and kill starts the machine anew`()
    throws
  {
    try RunningSystem.with { machine in
      let said = try StockGDB.run(
        machine,
        [
          "monitor help", "monitor domains", "monitor epoch", "monitor nonsense", "tbreak vesper_interrupt",
          "continue", "set debug remote 1", "next", "set debug remote 0", "kill",
        ])
      #expect(said.contains("what gets processor time"), "\(said)")
      #expect(said.contains("clock blocked-on-notification"), "\(said)")
      #expect(said.contains("at rest"), "\(said)")
      #expect(said.contains("Target does not support this command"), "\(said)")
      #expect(said.contains("vCont;r"), "\(said)")
      let console = try Console(of: machine)
      // Said once after each boot, and later than its first lines, for which the console may be open too late.
      #expect(try console.waits(for: "client-b: the server reads"), "it boots again: \(console.text)")
    }
  }

  @Test(arguments: [("watch", "client-b"), ("rwatch", "server"), ("awatch", "")])
  func `a watchpoint stops user level at the access`(kind: String, domain: String) throws {
    try RunningSystem.with { machine in
      // In the memory that client-b fills and the server reads.
      let said = try StockGDB.run(
        machine,
        ["\(kind) *(long *)0xa000200100", "continue", "info threads", "continue", "delete", "detach"])
      #expect(said.matches(of: /(hit|Thread .*) .*[Ww]atchpoint 1/).count >= 2, "\(said)")
      if !domain.isEmpty { #expect(said.contains(try Regex(#"\* .*\(\#(domain) "#)), "\(said)") }
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "\(console.text)")
    }
  }

  @Test func `a debugger that is killed leaves breakpoints, and the next one lifts them`() throws {
    try RunningSystem.with { machine in
      let first = try InteractiveGDB(machine, ["set breakpoint always-inserted on"])
      let code = try first.expect("x/wx vesper_fault", #"<vesper_fault>:\s+0x"#)
      try first.expect("break *&vesper_fault", "Breakpoint 1 at")
      try first.expect("break *&vesper_interrupt", "Breakpoint 2 at")
      first.end()
      let second = try StockGDB.run(machine, ["x/wx vesper_fault", "info registers pc", "detach"])
      let word = try #require(code.firstMatch(of: /<vesper_fault>:\s+(0x[0-9a-f]+)/)?.1)
      #expect(second.contains("<vesper_fault>:\t\(word)"), "\(second)")
      do {
        // The next tick would meet the other one.
        let console = try Console(of: machine)
        #expect(try console.waits(for: "clock: alarm"), "\(console.text)")
      }
      let third = try StockGDB.run(machine, ["tbreak vesper_interrupt", "continue", "detach"])
      #expect(third.contains("hit Temporary breakpoint 1"), "\(third)")
    }
  }

  @Test(arguments: ["$", "$m0,4", "$m0,4#a", "$X40200000,4:}"])
  func `a debugger attaches over a packet that was half sent`(half: String) throws {
    try RunningSystem.with { machine in
      do {
        let line = try ChannelAddress.unixSocket(machine.serialPath).open()
        try line.send(Array(half.utf8), until: .after(.seconds(10)), during: "test")
      }
      let said = try StockGDB.run(machine, ["info registers pc", "detach"])
      #expect(said.contains(/pc +0x/), "\(said)")
      #expect(said.contains("detached"), "\(said)")
    }
  }

  @Test func `gdb reads threads as a document, writes in binary, and reads memory in digits`() throws {
    try RunningSystem.with { machine in
      let said = try StockGDB.run(
        machine,
        [
          "set debug remote 1", "info threads", "set {char[8]}0xa000200000 = \"1234567\"",
          "x/s 0xa000200000", "maint packet qCRC:ffff000040200000,4",
          "maint packet qXfer:threads:read::0,100",
          "set debug remote 0", "detach",
        ])
      #expect(said.contains("qXfer:threads:read::0,"), "\(said)")
      #expect(said.contains(/Sending packet: \$Xa000200000,8:1234567/), "\(said)")
      #expect(said.contains("\"1234567\""), "\(said)")
      #expect(said.contains(/received: "C[0-9a-f]+"/), "\(said)")
      #expect(said.contains("<thread id="), "\(said)")
    }
  }
}
