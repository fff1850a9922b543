/// Up to sixteen ranges in fixed space. What does not fit is left out, so a list of free memory can only be
/// too short, never wrong.
public struct MemoryRangeList: Sendable {
  private var ranges = InlineArray<16, MemoryRange>(repeating: .empty)
  public private(set) var count = 0

  public static let capacity = 16

  public init() {}

  /// The range at an index below `count`.
  public subscript(index: Int) -> MemoryRange { ranges[index] }

  /// Adds a range, as part of one that it continues or overlaps if there is such. Empty ranges are ignored.
  public mutating func append(_ range: MemoryRange) {
    if range.size == 0 { return }
    for index in 0..<count where range.start <= ranges[index].end && ranges[index].start <= range.end {
      ranges[index] = MemoryRange(
        start: min(range.start, ranges[index].start), end: max(range.end, ranges[index].end))
      return
    }
    if count == Self.capacity { return }
    ranges[count] = range
    count &+= 1
  }

  /// Takes the addresses of `hole` out of every range.
  public mutating func remove(_ hole: MemoryRange) {
    var index = 0
    while index < count {
      let range = ranges[index]
      guard range.overlaps(hole) else {
        index &+= 1
        continue
      }
      let below = MemoryRange(start: range.start, end: hole.start)
      let above = MemoryRange(start: hole.end, end: range.end)
      count &-= 1
      ranges[index] = ranges[count]
      // What is left does not overlap the hole, so meeting it again at the list's end changes nothing.
      appendApart(below)
      appendApart(above)
    }
  }

  private mutating func appendApart(_ range: MemoryRange) {
    if range.size == 0 || count == Self.capacity { return }
    ranges[count] = range
    count &+= 1
  }
}
