import HostedKernel
import Inspection
import KernelObjects
import TargetLink
import Testing

/// The registers of a distributor in memory against the lines of a working kernel, where the clock has line 34.
@Suite struct InterruptAuditTests {
  private var registers = [UInt8](repeating: 0, count: 4096)
  private static let alarm = 34

  init() {
    // 9 words of lines, one processor; forwarding.
    store(1, at: 0)
    store(8, at: 4)
    set(0x100, bit: Self.alarm)
  }

  private mutating func store(_ word: UInt32, at offset: Int) {
    for byte in 0..<4 { registers[offset + byte] = UInt8(truncatingIfNeeded: word >> UInt32(byte * 8)) }
  }

  private mutating func set(_ table: Int, bit: Int) { registers[table + bit / 8] ^= 1 << UInt8(bit % 8) }

  private func audit() throws -> InterruptAudit {
    let fixture = try HostedFixture(devices: [HostedKernel.distributor: registers])
    let snapshot = try fixture.snapshot()
    return InterruptAudit(
      try InterruptControllerState.read(from: fixture.target, snapshot: snapshot), snapshot)
  }

  @Test func `a controller as the kernel left it has no differences`() throws {
    let audit = try audit()
    #expect(audit.differences.isEmpty)
    #expect(audit.lineCount == 288)
  }

  @Test(arguments: [
    (0x100, 34, 34, "GICD_ISENABLER1", "disabled"), (0x100, 40, 40, "GICD_ISENABLER1", "enabled"),
    (0x100, 270, 270, "GICD_ISENABLER8", "enabled"), (0x300, 34, 34, "GICD_ISACTIVER1", "active"),
    (0x300, 77, 77, "GICD_ISACTIVER2", "active"), (0x200, 3, 3, "GICD_ISPENDR0", "pending"),
    (0xc00, 69, 34, "GICD_ICFGR2", "edge triggered"),
  ])
  func `a register that is not as the line's object says`(
    _ table: Int, _ bit: Int, _ line: Int, _ name: String, _ state: String
  ) throws {
    var copy = self
    copy.set(table, bit: bit)
    let difference = try #require(try copy.audit().differences.first)
    #expect(try copy.audit().differences.count == 1)
    #expect(difference.line == line)
    #expect(difference.register == name)
    #expect(difference.controller == state)
    #expect(!difference.kernel.isEmpty)
    #expect(difference.finding.object == "irq[\(line)]")
  }

  @Test func `a pending line is none: its device may ask at any time`() throws {
    var copy = self
    copy.set(0x200, bit: 34)
    copy.set(0x200, bit: 90)
    #expect(try copy.audit().differences.isEmpty)
  }

  @Test func `a line that goes to another processor than the first`() throws {
    var copy = self
    copy.store(8 | 1 << 5, at: 4)
    #expect(try copy.audit().differences.map(\.register) == ["GICD_ITARGETSR8"])
    copy.registers[0x800 + 34] = 1
    #expect(try copy.audit().differences.isEmpty)
  }

  @Test func `a controller that is off`() throws {
    var copy = self
    copy.store(0, at: 0)
    #expect(try copy.audit().differences.map(\.register) == ["GICD_CTLR"])
  }

  @Test func `a controller that cannot be read is compared with nothing`() throws {
    let fixture = try HostedFixture()
    let snapshot = try fixture.snapshot()
    let state = try InterruptControllerState.read(from: fixture.target, snapshot: snapshot)
    #expect(state.lineCount == 0)
    #expect(InterruptAudit(state, snapshot).differences.isEmpty)
  }
}
