import TargetLink
import Testing

/// Stock gdb on the kernel's own stub, over the UART.
@Suite(.serialized) struct GDBTests {
  @Test func `attach, look, break, step, go on, detach, attach again`() throws {
    try StockGDB.withRunningSystem { machine in
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
    try StockGDB.withRunningSystem { machine in
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
}
