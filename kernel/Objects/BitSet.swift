/// A set of flags in a fixed-width integer: `OptionSet` without the array literal, whose initializer takes an
/// array and so cannot be compiled where nothing may be allocated.
public protocol BitSet: RawRepresentable, Equatable, Sendable where RawValue: FixedWidthInteger {
  init(rawValue: RawValue)
}

extension BitSet {
  /// The empty set.
  @inlinable
  public init() { self.init(rawValue: 0) }

  @inlinable
  public var isEmpty: Bool { rawValue == 0 }

  /// Whether every flag of `other` is in this set.
  @inlinable
  public func contains(_ other: Self) -> Bool { other.rawValue & ~rawValue == 0 }

  /// Whether every flag of this set is in `other`.
  @inlinable
  public func isSubset(of other: Self) -> Bool { other.contains(self) }

  @inlinable
  public func union(_ other: Self) -> Self { Self(rawValue: rawValue | other.rawValue) }

  @inlinable
  public func intersection(_ other: Self) -> Self { Self(rawValue: rawValue & other.rawValue) }

  @inlinable
  public func isDisjoint(with other: Self) -> Bool { rawValue & other.rawValue == 0 }

  @inlinable
  public func subtracting(_ other: Self) -> Self { Self(rawValue: rawValue & ~other.rawValue) }

  @inlinable
  public mutating func insert(_ other: Self) { self = union(other) }

  @inlinable
  public mutating func remove(_ other: Self) { self = subtracting(other) }
}
