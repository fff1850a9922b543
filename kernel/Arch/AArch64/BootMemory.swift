/// Page-by-page allocation while booting; what it gave out belongs to the kernel for ever.
public struct BootMemory {
  /// Physical address of the next page it will give.
  public private(set) var next: UInt64
  private let end: UInt64

  /// Bytes in a page.
  public static let pageSize: UInt64 = 4096

  /// Gives out pages of [start, end); `start` is a multiple of the page size.
  public init(start: UInt64, end: UInt64) {
    next = start
    self.end = end
  }

  /// The physical address of a page of zeros, or nil if none is left.
  public mutating func allocatePage() -> UInt64? {
    guard next < end, end &- next >= Self.pageSize else { return nil }
    defer { next &+= Self.pageSize }
    zeroMemory(at: next, count: Self.pageSize)
    return next
  }

  /// The physical address of as many pages of zeros as hold `size` bytes, or nil if there are not enough.
  public mutating func allocate(size: UInt64) -> UInt64? {
    let start = next
    for _ in 0..<(size &+ Self.pageSize &- 1) / Self.pageSize {
      if allocatePage() == nil { return nil }
    }
    return start
  }
}
