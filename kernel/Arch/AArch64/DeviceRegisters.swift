internal import _Volatile

/// The memory-mapped registers of one device, reached through the direct map.
///
/// Accesses are volatile: the compiler neither drops, merges nor reorders them, and each has the width it is
/// written with.
public struct DeviceRegisters: Sendable {
  /// Physical address of the first register.
  public let base: UInt64

  public init(base: UInt64) { self.base = base }

  @inline(__always)
  public func read32(_ offset: UInt64) -> UInt32 {
    unsafe VolatileMappedRegister<UInt32>(unsafeBitPattern: address(offset)).load()
  }

  @inline(__always)
  public func write32(_ offset: UInt64, _ value: UInt32) {
    unsafe VolatileMappedRegister<UInt32>(unsafeBitPattern: address(offset)).store(value)
  }

  @inline(__always)
  public func read8(_ offset: UInt64) -> UInt8 {
    unsafe VolatileMappedRegister<UInt8>(unsafeBitPattern: address(offset)).load()
  }

  @inline(__always)
  public func write8(_ offset: UInt64, _ value: UInt8) {
    unsafe VolatileMappedRegister<UInt8>(unsafeBitPattern: address(offset)).store(value)
  }

  @inline(__always)
  private func address(_ offset: UInt64) -> UInt { UInt(DirectMap.virtualAddress(base &+ offset)) }
}
