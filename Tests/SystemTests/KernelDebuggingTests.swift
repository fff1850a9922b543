import Inspection
import TargetLink
import Testing

/// What the processor does for the kernel and for whoever debugs it: rights, guard pages, watchpoints, panics.
@Suite(.serialized) struct KernelDebuggingTests {
  /// Stopped at the start of a system call, before anything was changed.
  private let inSystemCall = ["break vesper_system_call", "continue", "delete"]

  /// Virtual address of the epoch, as the descriptor in the machine's memory tells.
  private func epochAddress(_ machine: QEMUMachine) throws -> String {
    let target = try TargetSpecification.qemu(String(machine.processID)).attach()
    defer { target.detach() }
    let descriptor = try DescriptorLocator.locate(in: target)
    let offset = try descriptor.integer("KernelState", "epoch").offset
    return hexadecimal(
      try descriptor.constant("directMapOffset") + descriptor.constant("state") + UInt64(offset))
  }

  @Test func `a watchpoint stops the kernel at the store that changes its state`() throws {
    try RunningSystem.with { machine in
      let epoch = try epochAddress(machine)
      let said = try StockGDB.run(
        machine,
        inSystemCall + ["watch *(long *)(\(epoch))", "continue", "bt", "continue", "bt", "delete", "detach"])
      #expect(said.contains("hit Hardware watchpoint"), "\(said)")
      // gdb shows the instruction after the store, which may be beyond what was inlined.
      #expect(said.contains(/#0 .*(enter|fast[A-Z]|handleSystemCall)/), "the epoch turns odd: \(said)")
      #expect(
        said.contains(/#0 .*(leave|fast[A-Z]|handleSystemCall|vesper_system_call)/), "and even again: \(said)"
      )
    }
  }

  @Test func `the kernel can neither write its code nor execute its data`() throws {
    try RunningSystem.with { machine in
      let write = [
        "set $x0 = (long)&_start", "set $x1 = 0", "set $x2 = 1", "set $pc = (long)&memset", "continue",
      ]
      let written = try StockGDB.run(
        machine, inSystemCall + ["x/wx &_start"] + write + ["info symbol $pc", "x/wx &_start", "detach"])
      #expect(written.contains("SIGSEGV"), "\(written)")
      #expect(written.contains("memset"), "\(written)")
      let words = written.matches(of: /<_start>:\s+(0x[0-9a-f]+)/).map(\.1)
      #expect(words.count == 2 && words[0] == words[1], "\(written)")
    }
    try RunningSystem.with { machine in
      let executed = try StockGDB.run(
        machine, inSystemCall + ["set $pc = $sp", "continue", "info registers pc sp", "detach"])
      #expect(executed.contains("SIGSEGV"), "\(executed)")
    }
  }

  @Test func `a kernel stack that overflows hits the page below it`() throws {
    try RunningSystem.with { machine in
      let said = try StockGDB.run(
        machine,
        // The timer's interrupt always needs the stack; a system call on the quick path does not.
        [
          "break *vesper_interrupt", "continue", "delete", "set $sp = (long)&__stack_bottom", "continue",
          "bt",
          "detach",
        ])
      #expect(said.contains("SIGSEGV"), "\(said)")
      #expect(said.contains(/#\d .*vesper_interrupt/), "\(said)")
    }
  }

  @Test func `a panic waits for a debugger`() throws {
    try RunningSystem.with { machine in
      _ = try StockGDB.run(machine, inSystemCall + ["set $pc = 0x1230", "detach"])
      let said = try StockGDB.run(machine, ["info threads", "info registers pc", "bt", "detach"])
      #expect(said.contains(/\* .*\(kernel\)/), "\(said)")
      #expect(said.contains(/pc +0x1230/), "\(said)")
      #expect(said.contains(/#1 .*vectors\.S/), "\(said)")
    }
  }

  @Test(arguments: [0, 1, 7, 15, 16, 37])
  func `gdb calls the kernel's functions, and memset and memcpy do what C's do`(count: Int) throws {
    try RunningSystem.with { machine in
      // The far end of the debug stack, which a system call does not use.
      let scratch = "(unsigned char *)&__debug_stack_bottom"
      let said = try StockGDB.run(
        machine,
        inSystemCall + [
          "call (void)memset(\(scratch), 0x5a, \(count))", "x/40ub \(scratch)",
          "call (void)memset(\(scratch), 0, 40)",
          "call (void)memcpy(\(scratch) + 1, &__rodata_start, \(count))",
          "x/40ub \(scratch)", "x/40ub &__rodata_start", "detach",
        ])
      let bytes = said.matches(of: /:((?:\t\d+)+)/).flatMap {
        $0.1.split(separator: "\t").compactMap { UInt8($0) }
      }
      try #require(bytes.count == 120, "\(said)")
      #expect(
        Array(bytes[..<40]) == [UInt8](repeating: 0x5a, count: count)
          + [UInt8](repeating: 0, count: 40 - count))
      let copied = [0] + bytes[80..<80 + count] + [UInt8](repeating: 0, count: 39 - count)
      #expect(Array(bytes[40..<80]) == copied)
    }
  }
}
