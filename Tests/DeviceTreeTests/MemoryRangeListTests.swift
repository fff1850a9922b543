import Testing

@testable import DeviceTree

@Suite struct MemoryRangeListTests {
  private func list(_ ranges: (UInt64, UInt64)...) -> MemoryRangeList {
    var list = MemoryRangeList()
    for (start, end) in ranges { list.append(MemoryRange(start: start, end: end)) }
    return list
  }

  private func sorted(_ list: MemoryRangeList) -> [[UInt64]] {
    (0..<list.count).map { [list[$0].start, list[$0].end] }.sorted { $0[0] < $1[0] }
  }

  @Test func `joins ranges that continue each other`() {
    #expect(sorted(list((0, 10), (20, 30), (10, 15))) == [[0, 15], [20, 30]])
  }

  @Test func `a hole splits the range around it`() {
    var ranges = list((0, 100))
    ranges.remove(MemoryRange(start: 40, end: 60))
    #expect(sorted(ranges) == [[0, 40], [60, 100]])
  }

  @Test func `a hole takes away what it covers of every range`() {
    var ranges = list((0, 10), (20, 30), (40, 50))
    ranges.remove(MemoryRange(start: 5, end: 45))
    #expect(sorted(ranges) == [[0, 5], [45, 50]])
  }

  @Test func `ranges beyond the capacity are left out`() {
    var ranges = MemoryRangeList()
    for index in 0...UInt64(MemoryRangeList.capacity) {
      ranges.append(MemoryRange(start: 100 * index, end: 100 * index + 1))
    }
    #expect(ranges.count == MemoryRangeList.capacity)
  }
}
