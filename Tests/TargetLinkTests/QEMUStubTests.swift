import Testing

@testable import TargetLink

/// An empty `virt` machine: its device tree is at the start of RAM, and nothing runs.
struct QEMUStubTests {
  private static let deviceTreeAddress: UInt64 = 0x4000_0000
  /// A flattened device tree begins with it, big-endian.
  private static let deviceTreeMagic: [UInt8] = [0xd0, 0x0d, 0xfe, 0xed]

  private func attach(_ machine: QEMUMachine) throws -> any Target {
    try machine.gdb.attach()
  }

  /// An endless loop (`b .`) in the flash that the processor starts from.
  private func runningMachine() throws -> QEMUMachine {
    let machine = try QEMUMachine(QEMUSettings())
    let target = try attach(machine)
    try target.writePhysical([0x00, 0x00, 0x00, 0x14], at: 0x4100_0000)
    try target.writeRegister("pc", to: 0x4100_0000)
    target.detach()
    try machine.start()
    return machine
  }

  @Test func `physical memory is read as the machine has it`() throws {
    let machine = try QEMUMachine(QEMUSettings())
    let target = try attach(machine)
    #expect(try target.readPhysical(address: Self.deviceTreeAddress, count: 4) == Self.deviceTreeMagic)
  }

  @Test func `what is written in pieces is read back in pieces`() throws {
    let machine = try QEMUMachine(QEMUSettings())
    let target = try attach(machine)
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    try target.writePhysical(bytes, at: 0x4200_0001)
    #expect(try target.readPhysical(address: 0x4200_0001, count: bytes.count) == bytes)
    let pieces = try target.readPhysical([
      MemoryRange(address: 0x4200_0003, count: 5), MemoryRange(address: 0x4200_0001, count: 0),
      MemoryRange(address: Self.deviceTreeAddress, count: 4),
    ])
    #expect(pieces == [Array(bytes[2..<7]), [], Self.deviceTreeMagic])
  }

  @Test func `registers have the names and widths of the stub's description`() throws {
    let machine = try QEMUMachine(QEMUSettings())
    let target = try attach(machine)
    try target.writeRegister("x7", to: 0x0123_4567_89ab_cdef)
    let registers = try target.readRegisters()
    #expect(
      registers.first { $0.name == "x7" }
        == RegisterValue(name: "x7", bitWidth: 64, value: 0x0123_4567_89ab_cdef))
    #expect(registers.first { $0.name == "cpsr" }?.bitWidth == 32)
    #expect(registers.contains { $0.name == "TTBR1_EL1" })
  }

  @Test func `a register that does not exist is refused by name`() throws {
    let machine = try QEMUMachine(QEMUSettings())
    let target = try attach(machine)
    #expect(throws: TargetError.noSuchRegister("rax")) { try target.writeRegister("rax", to: 0) }
  }

  @Test func `a step moves the program counter, and a breakpoint stops a continued machine`() throws {
    let machine = try QEMUMachine(QEMUSettings())
    let target = try attach(machine)
    // nop; nop; nop; b .
    try target.writePhysical(
      [0x1f, 0x20, 0x03, 0xd5, 0x1f, 0x20, 0x03, 0xd5, 0x1f, 0x20, 0x03, 0xd5, 0x00, 0x00, 0x00, 0x14],
      at: 0x4100_0000)
    try target.writeRegister("pc", to: 0x4100_0000)
    func programCounter() throws -> UInt64? { try target.readRegisters().first { $0.name == "pc" }?.value }
    #expect(try target.step().reason == .trap)
    #expect(try programCounter() == 0x4100_0004)
    try target.setBreakpoint(at: 0x4100_0004)
    try target.setBreakpoint(at: 0x4100_0008)
    // The first one is where it stands.
    try target.resume()
    #expect(try target.waitForStop(timeout: .seconds(10))?.reason == .trap)
    #expect(try programCounter() == 0x4100_0008)
    try target.clearBreakpoint(at: 0x4100_0008)
    try target.resume()
    #expect(try target.waitForStop(timeout: .milliseconds(50)) == nil)
    #expect(try target.interrupt().reason == .interrupt)
    #expect(try programCounter() == 0x4100_000c)
  }

  @Test func `reading a running machine is refused, and done by stopping it for a moment`() throws {
    let machine = try runningMachine()
    let target = try attach(machine)
    try target.resume()
    #expect(throws: TargetError.running(operation: "reading memory")) {
      try target.readPhysical(address: Self.deviceTreeAddress, count: 4)
    }
    let bytes = try target.whileStopped { () throws(TargetError) -> [UInt8] in
      try target.readPhysical(address: Self.deviceTreeAddress, count: 4)
    }
    #expect(bytes == Self.deviceTreeMagic)
    #expect(target.state == .running)
  }

  @Test func `detaching leaves a running machine running, and a stopped one stopped`() throws {
    let running = try runningMachine()
    try attach(running).detach()
    #expect(try running.isRunning)
    let stopped = try QEMUMachine(QEMUSettings())
    try attach(stopped).detach()
    #expect(try !stopped.isRunning)
  }

  @Test func `a machine runs on after its stub was told of processes by gdb`() throws {
    let machine = try runningMachine()
    let other = RemoteProtocolClient(try ChannelAddress.unixSocket(machine.gdbPath).open())
    _ = try other.ask("qSupported:multiprocess+", for: "test")
    #expect(try other.ask("D;1", for: "test") == Array("OK".utf8))
    other.close()
    for _ in 0..<2 {
      try attach(machine).detach()
      #expect(try machine.isRunning)
    }
  }

  @Test func `a machine that was interrupted stays stopped if that is wanted, and one looked at runs on`()
    throws
  {
    let machine = try runningMachine()
    let first = try attach(machine)
    _ = try first.readPhysical(address: Self.deviceTreeAddress, count: 4)
    first.detach(keepingStop: true)
    #expect(try machine.isRunning)
    let second = try attach(machine)
    try second.interrupt()
    second.detach(keepingStop: true)
    #expect(try !machine.isRunning)
    let third = try attach(machine)
    try third.resume()
    third.detach(keepingStop: true)
    #expect(try machine.isRunning)
  }

  @Test func `a second debugger is told that the first one has the stub`() throws {
    let machine = try QEMUMachine(QEMUSettings())
    let first = try attach(machine)
    #expect(throws: TargetError.self) { try machine.gdb.attach(timeout: .milliseconds(300)) }
    #expect(try first.readPhysical(address: Self.deviceTreeAddress, count: 4) == Self.deviceTreeMagic)
  }

  @Test func `a machine that dies is reported as closed, then and ever after`() throws {
    let machine = try QEMUMachine(QEMUSettings())
    let target = try attach(machine)
    machine.end()
    for _ in 0..<2 {
      let error = #expect(throws: TargetError.self) {
        try target.readPhysical(address: Self.deviceTreeAddress, count: 4)
      }
      #expect(error?.endsConnection == true)
    }
  }
}
