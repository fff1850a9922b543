/// What the test of the block driver has on its disk, one word for each 8 bytes, and what it leaves there.
public enum DiskPattern {
  /// Word `index` of the disk before.
  @inlinable
  public static func before(_ index: UInt64) -> UInt64 { index &* 0x9e37_79b9_7f4a_7c15 }

  /// Word `index` of the disk afterwards.
  @inlinable
  public static func after(_ index: UInt64) -> UInt64 { ~before(index) }
}
