internal import _Volatile

/// The PrimeCell real time clock PL031 (Arm DDI 0224C, chapter 3).
public struct RealTimeClock {
  let base: UInt64

  /// - Parameter base: virtual address of the first register.
  public init(base: UInt64) { self.base = base }

  /// Offsets of the registers used here, all 32 bits wide.
  private enum Register: UInt64 {
    /// RTCDR: seconds.
    case data = 0x00
    /// RTCMR: the alarm, in seconds.
    case match = 0x04
    /// RTCIMSC: bit 0 lets the alarm interrupt.
    case interruptMask = 0x10
    /// RTCICR: writing bit 0 ends the alarm.
    case interruptClear = 0x1c
  }

  public var seconds: UInt32 { read(.data) }

  /// The next alarm: so many seconds from now, 0 for at once.
  public func setAlarm(after delay: UInt32 = 1) { write(.match, seconds &+ delay) }

  public func enableInterrupt() { write(.interruptMask, 1) }

  public func clearInterrupt() { write(.interruptClear, 1) }

  private func read(_ register: Register) -> UInt32 {
    // Safety: the domain is started with the device's page mapped at `base`.
    unsafe VolatileMappedRegister<UInt32>(unsafeBitPattern: UInt(base &+ register.rawValue)).load()
  }

  private func write(_ register: Register, _ value: UInt32) {
    // Safety: as in `read`.
    unsafe VolatileMappedRegister<UInt32>(unsafeBitPattern: UInt(base &+ register.rawValue)).store(value)
  }
}
