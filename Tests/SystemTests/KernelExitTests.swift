import Foundation
import Inspection
import Testing

@testable import TargetLink

/// A machine that is stopped in the middle of a kernel operation (QEMU's stub stops it anywhere).
@Suite(.serialized) struct KernelExitTests {
  /// Leaves the machine stopped in the kernel's handling of a tick, with its objects in the middle of a change.
  private func stopAmidChange(_ machine: QEMUMachine) throws {
    let symbols = try Program(["llvm-nm", BuiltFiles.kernel]).output
    // `Kernel.tick`, mangled.
    let line = try #require(symbols.split(separator: "\n").first { $0.contains("KernelCore0A0V4tick") })
    let address = try #require(UInt64(line.prefix(16), radix: 16))
    let target = try machine.gdb.attach()
    try target.setBreakpoint(at: address)
    try target.resume()
    try #require(try target.waitForStop(timeout: .seconds(20)) != nil)
    // A few instructions on, the change has begun.
    let layouts = try KernelLayouts(DescriptorLocator.locate(in: target))
    var steps = 0
    while try Snapshot.epoch(of: target, layouts).isMultiple(of: 2) {
      steps += 1
      try #require(steps < 200, "no change begins")
      _ = try target.step()
    }
    try target.interrupt()
    target.detach(keepingStop: true)
  }

  private func dump(_ machine: QEMUMachine, _ options: [String]) throws -> Program {
    try Program([BuiltFiles.vesper, "exec", machine.gdb.description, "domains", "--json"] + options)
  }

  @Test func `it says so, and runs to the kernel's exit if that is asked for`() throws {
    try RunningSystem.with { machine in
      try stopAmidChange(machine)
      let said = try dump(machine, [])
      #expect(said.output.contains("\"consistency\": \"amid-change\""), "\(said.output)\(said.errors)")
      let finished = try dump(machine, ["--run-to-exit"])
      #expect(
        finished.output.contains("\"consistency\": \"consistent\""), "\(finished.output)\(finished.errors)")
      // It was found stopped, and is left so, a little later.
      #expect(try !machine.isRunning)
      #expect(try dump(machine, []).output.contains("\"consistency\": \"consistent\""))
    }
  }

  @Test func `a device's registers are read if that is asked for only`() throws {
    try RunningSystem.with { machine in
      // UARTDR of the PL011: reading takes a byte out of its queue.
      let line = [BuiltFiles.vesper, "exec", machine.gdb.description]
      let refused = try Program(line + ["x/2wx -p 0x09000000"])
      #expect(refused.status == 1)
      #expect(refused.errors.contains("reading it may change the device there"), "\(refused.errors)")
      let read = try Program(line + ["x/2wx -p --device 0x09000018", "x/2wx -p 0x40200000"])
      #expect(read.status == 0 && read.output.contains("0x9000018:"), "\(read.output)\(read.errors)")
    }
  }

  @Test func `at a terminal it asks`() throws {
    try RunningSystem.with { machine in
      try stopAmidChange(machine)
      let arguments = [BuiltFiles.vesper, "attach", machine.gdb.description]
      let first = try Terminal(arguments, environment: ["TERM=xterm"])
      #expect(first.waits(for: "in the middle of a kernel operation; run to the end of it? [y/n]"))
      first.type("n\n")
      #expect(first.waits(for: "(vesper)"), "\(first.screen)")
      first.type("finish\n")
      #expect(first.waits(for: "stopped "), "\(first.screen)")
      first.type("finish\n")
      #expect(first.waits(for: "the kernel's objects are at rest"), "\(first.screen)")
      first.type("quit\n")
      #expect(first.waitForExit() == 0)
    }
  }

  /// Breakpoints never outlive the debugger.
  @Test(arguments: [true, false])
  func `the breakpoints of a debugger that was killed are lifted by the next`(isQEMU: Bool) throws {
    try RunningSystem.with { machine in
      let target = isQEMU ? machine.gdb.description : machine.serial.description
      // The interrupt's vector, which the next tick would meet.
      let script = """
        set -m
        (echo interrupt; echo break vesper_interrupt; echo break; sleep 60) | \(BuiltFiles.vesper) attach \(target) \
        --kernel \(BuiltFiles.kernel) > "$0" &
        for attempt in $(seq 400); do grep -q SYMBOL "$0" && break; sleep 0.05; done
        cat "$0"
        kill -KILL %1
        """
      let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
      defer { try? FileManager.default.removeItem(atPath: path) }
      let killed = try Program(["bash", "-c", script, path])
      #expect(killed.output.contains("SYMBOL"), "\(killed.output)\(killed.errors)")
      let next = try Program([BuiltFiles.vesper, "exec", target, "continue", "interrupt", "continue"])
      #expect(next.status == 0, "\(next.errors)")
      #expect(next.output.contains("interrupt") && !next.output.contains("trap"), "\(next.output)")
      let console = try Console(of: machine)
      #expect(try console.waits(for: "clock: alarm"), "\(console.text)")
    }
  }
}
