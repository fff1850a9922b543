/// The kernel's view of physical memory: every address plus one constant.
public enum DirectMap {
  /// What to add to a physical address to get the virtual one (TTBR1's half of the address space).
  public static let offset: UInt64 = 0xffff_0000_0000_0000

  @inlinable
  @inline(__always)
  public static func virtualAddress(_ physical: UInt64) -> UInt64 { physical &+ offset }

  @inlinable
  @inline(__always)
  public static func physicalAddress(_ virtual: UInt64) -> UInt64 { virtual &- offset }

  /// A typed pointer to memory at a physical address.
  ///
  /// Safety: the caller vouches that the address is RAM in the map and holds values of the type.
  @inlinable
  @inline(__always)
  @unsafe
  public static func pointer<Value>(_ physical: UInt64, to: Value.Type) -> UnsafeMutablePointer<Value>? {
    unsafe UnsafeMutablePointer(bitPattern: UInt(virtualAddress(physical)))
  }
}
