/// The PrimeCell GPIO PL061 (Arm DDI 0190B, chapter 3): eight lines, each a bit, that can interrupt as one.
public struct GeneralPurposeIO: Sendable {
  private let registers: DeviceRegisters

  /// - Parameter base: virtual address of the first register.
  public init(base: UInt64) { registers = DeviceRegisters(base: base) }

  /// Offsets of the registers used here; bit n belongs to line n.
  private enum Register {
    /// GPIODATA read through all eight lines: address bits 9:2 are a mask.
    static let data: UInt64 = 0x3fc
    /// GPIODIR: 1 is an output.
    static let direction: UInt64 = 0x400
    /// GPIOIS: 1 interrupts on a level, 0 on an edge.
    static let sense: UInt64 = 0x404
    /// GPIOIBE: 1 interrupts on both edges.
    static let bothEdges: UInt64 = 0x408
    /// GPIOIEV: 1 interrupts on the rising edge or high level.
    static let event: UInt64 = 0x40c
    /// GPIOIE: 1 lets the line interrupt.
    static let mask: UInt64 = 0x410
    /// GPIOMIS: lines that interrupt.
    static let status: UInt64 = 0x418
    /// GPIOIC: writing 1 forgets an edge.
    static let clear: UInt64 = 0x41c
  }

  /// What the input lines are.
  public var levels: UInt8 { UInt8(truncatingIfNeeded: registers.read(Register.data)) }

  /// Lines that interrupt now.
  public var interrupting: UInt8 { UInt8(truncatingIfNeeded: registers.read(Register.status)) }

  /// Makes `lines` inputs whose rising edges interrupt, and no other line interrupt.
  public func interruptOnRisingEdges(of lines: UInt8) { configure(lines, isLevel: false, isHigh: true) }

  /// Makes `lines` inputs that interrupt while they are low, and no other line interrupt.
  public func interruptWhileLow(_ lines: UInt8) { configure(lines, isLevel: true, isHigh: false) }

  /// No line interrupts any more.
  public func disableInterrupts() { registers.write(Register.mask, 0) }

  /// Forgets the edges that `lines` had.
  public func clearInterrupts(of lines: UInt8) { registers.write(Register.clear, UInt32(lines)) }

  private func configure(_ lines: UInt8, isLevel: Bool, isHigh: Bool) {
    disableInterrupts()
    registers.write(Register.direction, registers.read(Register.direction) & ~UInt32(lines))
    registers.write(Register.sense, isLevel ? UInt32(lines) : 0)
    registers.write(Register.bothEdges, 0)
    registers.write(Register.event, isHigh ? UInt32(lines) : 0)
    clearInterrupts(of: lines)
    registers.write(Register.mask, UInt32(lines))
  }
}
