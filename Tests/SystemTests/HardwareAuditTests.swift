import Inspection
import TargetLink
import Testing

/// A running kernel's tables and interrupt controller are what its objects say, and what is made wrong is found.
@Suite(.serialized) struct HardwareAuditTests {
  private func vesper(_ arguments: String...) throws -> Program {
    try Program([BuiltFiles.vesper] + arguments)
  }

  @Test func `a kernel that works has no differences, over either stub`() throws {
    try RunningSystem.with { machine in
      for way in ["\(machine.serial)", "\(machine.gdb)"] {
        let check = try vesper("check", way, "--stop")
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        #expect(check.output.contains(/interrupt lines +288/), "\(check.output)")
        #expect(check.output.contains(/differences from hardware +0/), "\(check.output)")
        // QEMU's stub then sees the moment at which the kernel's own was asked to stop, outside of any change.
        #expect(try vesper("exec", "\(machine.serial)", "interrupt").status == 0)
      }
    }
  }

  @Test func `a line enabled behind the kernel's back, and a changed descriptor, are found`() throws {
    try RunningSystem.with { machine in
      let address = try vesper(
        "exec", "\(machine.serial)", "translate server 0xa000200000 --stop", "interrupt")
      let step = try #require(
        address.output.firstMatch(of: /3 +0x([0-9a-f]+) +([0-9]+) +0x([0-9a-f]+) +page/), "\(address.output)")
      let table = try #require(UInt64(step.1, radix: 16))
      let index = try #require(UInt64(step.2))
      let word = try #require(UInt64(step.3, radix: 16))
      do {
        let target = try QEMUStubTarget.attach(to: .unixSocket(machine.gdbPath))
        defer { target.detach() }
        // Line 40 is bit 8 of the second word of GICD_ISENABLER; nG is bit 11 of a page.
        try target.writePhysical([0, 1, 0, 0], at: 0x0800_0104)
        let changed = word ^ 1 << 11
        try target.writePhysical(withUnsafeBytes(of: changed.littleEndian, Array.init), at: table + index * 8)
      }
      for way in ["\(machine.serial)", "\(machine.gdb)"] {
        let check = try vesper("check", way, "--stop")
        #expect(check.status == 1)
        #expect(check.output.contains(/40 +GICD_ISENABLER1 +enabled/), "\(check.output)")
        #expect(check.output.contains("0x" + String(table, radix: 16)), "\(check.output)")
        #expect(check.output.contains(/3 +nG +page/), "\(check.output)")
        #expect(check.errors.contains("in 2 places"), "\(check.errors)")
      }
    }
  }

  @Test func `an interrupt of a line that nobody handles masks the line, and disturbs nobody`() throws {
    try RunningSystem.with { machine in
      // Line 40 is bit 8 of the second words of GICD_ISENABLER and GICD_ISPENDR.
      func setBit(at address: UInt64) throws {
        let target = try QEMUStubTarget.attach(to: .unixSocket(machine.gdbPath))
        defer { target.detach() }
        try target.writePhysical([0, 1, 0, 0], at: address)
      }
      try setBit(at: 0x0800_0104)
      let enabled = try vesper("exec", "\(machine.serial)", "irq 40")
      #expect(
        enabled.output.contains("enabled at the controller, but nobody handles it"), "\(enabled.output)")
      try setBit(at: 0x0800_0204)
      let irq = try vesper("exec", "\(machine.serial)", "irq 40")
      #expect(
        irq.output.contains(/enabled +no\npending +no\nmasked +yes\ncount +1\n/),
        "\(irq.output)\(irq.errors)")
      let check = try vesper("check", "\(machine.serial)", "--stop")
      #expect(check.status == 0, "\(check.output)\(check.errors)")
    }
  }

  @Test func `an interrupt that the controller takes back is none`() throws {
    try RunningSystem.with { machine in
      let symbols = try Program(["llvm-nm", BuiltFiles.kernel]).output
      let line = try #require(symbols.split(separator: "\n").first { $0.hasSuffix(" vesper_interrupt") })
      let handler = try #require(UInt64(line.prefix(16), radix: 16))
      do {
        let target = try machine.gdb.attach()
        defer { target.detach() }
        let layouts = try KernelLayouts(DescriptorLocator.locate(in: target))
        // The timer's next interrupt.
        try target.setBreakpoint(at: handler)
        try target.resume()
        try #require(try target.waitForStop(timeout: .seconds(20)) != nil)
        try target.clearBreakpoint(at: handler)
        let epoch = try Snapshot.epoch(of: target, layouts)
        // GICD_CTLR: nothing is forwarded, so that the kernel reads INTID 1023.
        try target.writePhysical([0, 0, 0, 0], at: 0x0800_0000)
        var steps = 0
        while try programCounter(target) >> 63 == 1, steps < 500 {
          steps += 1
          _ = try target.step()
        }
        #expect((10..<500).contains(steps), "back to who was interrupted")
        #expect(try Snapshot.epoch(of: target, layouts) == epoch, "no tick was counted")
        try target.writePhysical([1, 0, 0, 0], at: 0x0800_0000)
      }
      let check = try vesper("check", "\(machine.serial)", "--stop")
      #expect(check.status == 0, "\(check.output)\(check.errors)")
    }
  }

  private func programCounter(_ target: any Target) throws -> UInt64 {
    try #require(try target.readRegisters().first { $0.name == "pc" }).value
  }

  @Test func `QEMU's stub of a machine with two processors is not asked for the interrupt controller`() throws
  {
    try RunningSystem.with(["-smp", "2"]) { machine in
      let check = try vesper("check", "\(machine.gdb)")
      #expect(check.status == 0, "\(check.output)\(check.errors)")
      #expect(check.output.contains("several processors"), "\(check.output)")
      let irqs = try vesper("exec", "\(machine.gdb)", "irqs")
      #expect(irqs.status == 0, "\(irqs.output)\(irqs.errors)")
      #expect(irqs.output.contains("several processors"), "\(irqs.output)")
      let serial = try vesper("check", "\(machine.serial)", "--stop")
      #expect(serial.output.contains(/interrupt lines +288/), "\(serial.output)\(serial.errors)")
    }
  }
}
