internal import _Volatile

/// Memory that a device reads and writes too, by virtual address.
enum DeviceMemory {
  // Safety, for all of these: only called with addresses within pages that the driver was started with.

  static func store(_ value: UInt64, at address: UInt64) {
    unsafe VolatileMappedRegister<UInt64>(unsafeBitPattern: UInt(address)).store(value)
  }

  static func store(_ value: UInt32, at address: UInt64) {
    unsafe VolatileMappedRegister<UInt32>(unsafeBitPattern: UInt(address)).store(value)
  }

  static func store(_ value: UInt16, at address: UInt64) {
    unsafe VolatileMappedRegister<UInt16>(unsafeBitPattern: UInt(address)).store(value)
  }

  static func store(_ value: UInt8, at address: UInt64) {
    unsafe VolatileMappedRegister<UInt8>(unsafeBitPattern: UInt(address)).store(value)
  }

  static func loadWord(_ address: UInt64) -> UInt32 {
    unsafe VolatileMappedRegister<UInt32>(unsafeBitPattern: UInt(address)).load()
  }

  static func loadHalf(_ address: UInt64) -> UInt16 {
    unsafe VolatileMappedRegister<UInt16>(unsafeBitPattern: UInt(address)).load()
  }

  static func loadByte(_ address: UInt64) -> UInt8 {
    unsafe VolatileMappedRegister<UInt8>(unsafeBitPattern: UInt(address)).load()
  }
}
