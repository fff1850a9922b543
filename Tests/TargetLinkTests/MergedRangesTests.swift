import Testing

@testable import TargetLink

struct MergedRangesTests {
  private func range(_ address: UInt64, _ count: Int) -> MemoryRange {
    MemoryRange(address: address, count: count)
  }

  /// What is at an address is its low byte.
  private func answers(_ merging: MergedRanges) -> [[UInt8]?] {
    merging.merged.map { range in
      (0..<range.count).map { UInt8(truncatingIfNeeded: range.address + UInt64($0)) }
    }
  }

  @Test func `neighbours in a page are one request, and each gets its own bytes`() {
    let ranges = [range(0x1100, 4), range(0x1000, 32), range(0x1020, 32), range(0x1010, 8), range(0x5000, 4)]
    let merging = MergedRanges(ranges)
    #expect(merging.merged == [range(0x1000, 0x104), range(0x5000, 4)])
    let parts = merging.parts(of: answers(merging), ranges)
    for (range, part) in zip(ranges, parts) {
      #expect(part == (0..<range.count).map { UInt8(truncatingIfNeeded: range.address + UInt64($0)) })
    }
  }

  @Test func `what is far, large, in another page or nothing stays as it is`() {
    for other in [range(0x1400, 4), range(0x1020, 513), range(0x1ffe, 4), range(0x2000, 4), range(0x1010, 0)]
    {
      let ranges = [range(0x1000, 32), other]
      #expect(MergedRanges(ranges).merged == ranges)
    }
    let wild = [range(.max, 1), range(.max - 4, 4), range(0, 4), range(8, -1)]
    #expect(MergedRanges(wild).merged.count >= 2)
  }

  @Test func `a refusal is of all that was merged, and a short answer of what it lacks`() {
    let ranges = [range(0x1000, 4), range(0x1008, 4)]
    let merging = MergedRanges(ranges)
    #expect(merging.parts(of: [nil], ranges) == [nil, nil])
    #expect(merging.parts(of: [[1, 2, 3, 4, 5]], ranges) == [[1, 2, 3, 4], nil])
  }
}
