internal import _Volatile

/// The PrimeCell real time clock PL031 (Arm DDI 0224C, chapter 3).
struct RealTimeClock {
  /// Virtual address of the first register.
  let base: UInt64

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

  var seconds: UInt32 { read(.data) }

  /// The next alarm, one second from now.
  func setAlarm() { write(.match, seconds &+ 1) }

  func enableInterrupt() { write(.interruptMask, 1) }

  func clearInterrupt() { write(.interruptClear, 1) }

  private func read(_ register: Register) -> UInt32 {
    // Safety: the domain is started with the device's page mapped at `base`.
    unsafe VolatileMappedRegister<UInt32>(unsafeBitPattern: UInt(base &+ register.rawValue)).load()
  }

  private func write(_ register: Register, _ value: UInt32) {
    // Safety: as in `read`.
    unsafe VolatileMappedRegister<UInt32>(unsafeBitPattern: UInt(base &+ register.rawValue)).store(value)
  }
}
