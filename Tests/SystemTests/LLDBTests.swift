import TargetLink
import Testing

/// Debian's lldb on the kernel's own stub, over the UART.
@Suite(.serialized) struct LLDBTests {
  private func lldb(_ machine: QEMUMachine, _ commands: [String]) throws -> String {
    let all =
      [
        "settings set plugin.process.gdb-remote.packet-timeout 30",
        "process connect unix-connect://\(machine.serialPath)",
      ] + commands
    let program = try Program(
      ["lldb-14", "--no-lldbinit", "--batch"] + all.flatMap { ["-o", $0] } + [BuiltFiles.kernel])
    return program.output + program.errors
  }

  @Test func `attach, look, break, step, and leave the system running`() throws {
    try RunningSystem.with { machine in
      let said = try lldb(
        machine,
        [
          "thread list", "register read pc sp cpsr ESR_EL1", "breakpoint set -n vesper_system_call",
          "process continue", "thread backtrace", "breakpoint delete -f", "thread step-inst",
          "breakpoint set -H -n vesper_interrupt", "process continue", "breakpoint delete -f",
          "memory read -c 4 0xffff000040200000", "process detach",
        ])
      #expect(said.contains(/thread #6: tid = 0x/), "domains are threads: \(said)")
      #expect(said.contains(/ESR_EL1 = 0x/), "\(said)")
      #expect(said.contains(/frame #0: .*vesper_system_call at .*\.swift/), "\(said)")
      #expect(said.contains(/frame #1: .*user_synchronous at vectors\.S/), "\(said)")
      #expect(said.contains("stop reason = instruction step into"), "\(said)")
      #expect(said.contains(/frame #0: .*vesper_interrupt at .*\.swift/), "\(said)")
      #expect(said.contains("0xffff000040200000: "), "\(said)")
      #expect(said.contains("detached"), "\(said)")
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "\(console.text)")
    }
  }

  @Test func `lldb reads and writes floating-point registers of the domain that runs`() throws {
    try RunningSystem.with { machine in
      let said = try lldb(
        machine,
        [
          "register write fpcr 0x00400000", "register write v0 '{1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16}'",
          "register read v0 v31 fpcr", "process detach",
        ])
      #expect(said.contains("v0 = {0x01 0x02 0x03 0x04 0x05 0x06 0x07 0x08 0x09 0x0a"), "\(said)")
      #expect(said.contains("v31 = {0x00"), "\(said)")
      #expect(said.contains("fpcr = 0x00400000"), "\(said)")
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "\(console.text)")
    }
  }

  @Test(arguments: ["write", "read", "read_write"])
  func `a watchpoint stops user level at the access`(kind: String) throws {
    try RunningSystem.with { machine in
      let said = try lldb(
        machine,
        [
          "watchpoint set expression -w \(kind) -s 8 -- 0xa000200100", "process continue", "thread list",
          "watchpoint delete -f", "process detach",
        ])
      #expect(said.contains("Watchpoint created"), "\(said)")
      #expect(said.contains("stop reason = watchpoint 1"), "\(said)")
      #expect(said.contains("detached"), "\(said)")
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "\(console.text)")
    }
  }
}
