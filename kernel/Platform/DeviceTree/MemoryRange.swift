/// A range of physical addresses that does not wrap around.
public struct MemoryRange: Equatable, Sendable {
  /// First address.
  public var start: UInt64
  /// One past the last address.
  public var end: UInt64

  /// Size in bytes.
  public var size: UInt64 { end &- start }

  public static let empty = MemoryRange(start: 0, end: 0)

  /// The range from `start` up to `end`, empty if they are the wrong way round.
  public init(start: UInt64, end: UInt64) {
    self.start = start
    self.end = max(start, end)
  }

  /// The range of `size` bytes, or nil if it would wrap around.
  public init?(start: UInt64, size: UInt64) {
    let (end, overflow) = start.addingReportingOverflow(size)
    if overflow { return nil }
    self.init(start: start, end: end)
  }

  /// The whole pages the range touches.
  public var pagesTouched: MemoryRange {
    MemoryRange(start: start & ~4095, end: end > ~4095 ? ~4095 : (end &+ 4095) & ~4095)
  }

  /// The whole pages inside the range, which may be none.
  public var wholePages: MemoryRange {
    MemoryRange(start: pagesTouched.start == start ? start : pagesTouched.start &+ 4096, end: end & ~4095)
  }

  /// Whether the two have an address in common.
  public func overlaps(_ other: MemoryRange) -> Bool { start < other.end && other.start < end }
}
