public import KernelArch

/// An Arm PrimeCell UART (PL011, Arm DDI 0183).
public struct PL011: Sendable {
  let registers: DeviceRegisters

  /// The UART whose registers start at a physical address.
  public init(base: UInt64) { registers = DeviceRegisters(base: base) }

  /// Physical address of the first register.
  public var base: UInt64 { registers.base }

  /// Register offsets (DDI 0183, table 3-1).
  private enum Offset {
    static let data: UInt64 = 0x00
    static let flags: UInt64 = 0x18
    static let lineControl: UInt64 = 0x2c
    static let control: UInt64 = 0x30
    static let interruptMask: UInt64 = 0x38
    static let interruptClear: UInt64 = 0x44
  }

  private static let receiveFIFOEmpty: UInt32 = 1 << 4
  private static let transmitFIFOEmpty: UInt32 = 1 << 7
  /// In bytes, of the oldest revisions; later ones have 32 (DDI 0183, section 2.4).
  private static let transmitFIFODepth: UInt32 = 16
  private static let eightBitsWithFIFOs: UInt32 = 0b11 << 5 | 1 << 4
  private static let enableBothWays: UInt32 = 1 << 9 | 1 << 8 | 1
  /// Receive and receive timeout.
  private static let receiveInterrupts: UInt32 = 1 << 6 | 1 << 4

  /// Eight bits, FIFOs on, interrupts when something was received; the baud rate stays the firmware's.
  public func enable() {
    registers.write32(Offset.control, 0)
    registers.write32(Offset.lineControl, Self.eightBitsWithFIFOs)
    registers.write32(Offset.interruptMask, Self.receiveInterrupts)
    registers.write32(Offset.control, Self.enableBothWays)
  }

  /// How many more bytes fit for sure into the transmit FIFO. There is one UART, and one processor.
  nonisolated(unsafe) private static var transmitRoom: UInt32 = 0

  /// Sends one byte, waiting for the transmit FIFO when it may be full.
  ///
  /// The flags are read once for as many bytes as the FIFO holds, since that takes as long as to send one. It is empty
  /// while its last byte is still on the line, so no time is lost there.
  // Once in the image.
  @inline(never)
  public func send(_ byte: UInt8) {
    if unsafe Self.transmitRoom == 0 {
      while registers.read32(Offset.flags) & Self.transmitFIFOEmpty == 0 {}
      unsafe Self.transmitRoom = Self.transmitFIFODepth
    }
    unsafe Self.transmitRoom &-= 1
    registers.write32(Offset.data, UInt32(byte))
  }

  /// The next received byte, or nil if there is none.
  public func receive() -> UInt8? {
    if registers.read32(Offset.flags) & Self.receiveFIFOEmpty != 0 { return nil }
    return UInt8(truncatingIfNeeded: registers.read32(Offset.data))
  }

  /// Ends the receive interrupt. It must come before the FIFO is emptied: a byte that arrives between the
  /// last read and a later clear would never interrupt.
  public func clearInterrupts() { registers.write32(Offset.interruptClear, Self.receiveInterrupts) }
}
