/// A run of bits in a stored word. The kernel packs with it and the descriptor publishes it, so the two
/// cannot disagree.
public struct BitField: Equatable, Sendable {
  /// Position of the least significant bit.
  public let shift: UInt8
  /// Number of bits, 1...63.
  public let width: UInt8

  @inlinable
  public init(shift: UInt8, width: UInt8) {
    self.shift = shift
    self.width = width
  }

  /// The mask of the field's bits after shifting down.
  @inlinable
  public var mask: UInt64 { @inline(__always) get { (1 &<< UInt64(width)) &- 1 } }

  @inlinable @inline(__always)
  public func read(_ word: UInt64) -> UInt64 { (word &>> UInt64(shift)) & mask }

  /// `word` with the field replaced by the low bits of `value`.
  @inlinable @inline(__always)
  public func write(_ value: UInt64, into word: UInt64) -> UInt64 {
    (word & ~(mask &<< UInt64(shift))) | ((value & mask) &<< UInt64(shift))
  }

  /// The field alone, all other bits zero.
  @inlinable @inline(__always)
  public func pack(_ value: UInt64) -> UInt64 { (value & mask) &<< UInt64(shift) }
}
