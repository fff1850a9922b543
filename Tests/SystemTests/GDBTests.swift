import Foundation
import TargetLink
import Testing

/// Stock gdb on the kernel's own stub, over the UART.
@Suite(.serialized) struct GDBTests {
  /// Runs gdb's commands on a machine; what gdb said.
  private func gdb(_ machine: QEMUMachine, _ commands: [String]) throws -> String {
    let all =
      ["set pagination off", "set confirm off", "set width 0", "target remote \(machine.serialPath)"]
      + commands
    let arguments = ["gdb-multiarch", "-nx", "-batch"] + all.flatMap { ["-ex", $0] } + [BuiltFiles.kernel]
    let program = try Program(arguments)
    return program.output + program.errors
  }

  private func withRunningSystem(_ body: (QEMUMachine) throws -> Void) throws {
    let machine = try QEMUMachine(QEMUSettings(kernel: BuiltFiles.kernel))
    defer { machine.end() }
    do {
      let console = try Console(of: machine)
      try machine.start()
      #expect(try console.waits(for: "client-b: the server reads my buffer"), "\(console.text)")
    }
    try body(machine)
  }

  @Test func `attach, look, break, step, go on, detach, attach again`() throws {
    try withRunningSystem { machine in
      let first = try gdb(
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
      let second = try gdb(machine, ["info registers pc", "detach"])
      #expect(second.contains(/pc +0x/), "\(second)")
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "after gdb has left, text is text: \(console.text)")
    }
  }

  @Test func `a bad address is an error, and the system lives`() throws {
    try withRunningSystem { machine in
      let said = try gdb(
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
}
