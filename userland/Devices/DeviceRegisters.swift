internal import _Volatile

/// A device's registers, each 32 bits wide, by their offset.
struct DeviceRegisters: Sendable {
  /// Virtual address of the first.
  let base: UInt64

  func read(_ offset: UInt64) -> UInt32 {
    // Safety: the domain is started with the device's page mapped at `base`.
    unsafe VolatileMappedRegister<UInt32>(unsafeBitPattern: UInt(base &+ offset)).load()
  }

  func write(_ offset: UInt64, _ value: UInt32) {
    // Safety: as in `read`.
    unsafe VolatileMappedRegister<UInt32>(unsafeBitPattern: UInt(base &+ offset)).store(value)
  }
}
