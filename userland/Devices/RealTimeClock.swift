/// The PrimeCell real time clock PL031 (Arm DDI 0224C, chapter 3).
public struct RealTimeClock: Sendable {
  private let registers: DeviceRegisters

  /// - Parameter base: virtual address of the first register.
  public init(base: UInt64) { registers = DeviceRegisters(base: base) }

  /// Offsets of the registers used here.
  private enum Register {
    /// RTCDR: seconds.
    static let data: UInt64 = 0x00
    /// RTCMR: the alarm, in seconds.
    static let match: UInt64 = 0x04
    /// RTCIMSC: bit 0 lets the alarm interrupt.
    static let interruptMask: UInt64 = 0x10
    /// RTCICR: writing bit 0 ends the alarm.
    static let interruptClear: UInt64 = 0x1c
  }

  public var seconds: UInt32 { registers.read(Register.data) }

  /// The next alarm: so many seconds from now, 0 for at once.
  public func setAlarm(after delay: UInt32 = 1) { registers.write(Register.match, seconds &+ delay) }

  public func enableInterrupt() { registers.write(Register.interruptMask, 1) }

  public func disableInterrupt() { registers.write(Register.interruptMask, 0) }

  public func clearInterrupt() { registers.write(Register.interruptClear, 1) }
}
