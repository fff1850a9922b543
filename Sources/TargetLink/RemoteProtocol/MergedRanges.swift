/// Small ranges of memory that lie in the same page, asked for as one: on a line that takes a fifth of a millisecond for
/// each request, and shortens zeros, what lies between costs less than asking again.
struct MergedRanges {
  /// By address; each range of the caller lies in one of them.
  private(set) var merged: [MemoryRange] = []
  /// For each of the caller's ranges, in their order, where it is.
  private var places: [(range: Int, offset: Int)] = []
  private static let pageSize: UInt64 = 4096
  /// In bytes: larger ones are asked for as they are.
  private static let smallest = 512
  /// In bytes, of what nobody asked for.
  private static let largestGap: UInt64 = 256

  init(_ ranges: [MemoryRange]) {
    places = Array(repeating: (0, 0), count: ranges.count)
    for index in ranges.indices.sorted(by: { ranges[$0].address < ranges[$1].address }) {
      let range = ranges[index]
      if let last = merged.last, let size = Self.size(of: last, with: range) {
        merged[merged.count - 1].count = max(last.count, size)
        places[index] = (merged.count - 1, Int(range.address - last.address))
      } else {
        places[index] = (merged.count, 0)
        merged.append(range)
      }
    }
  }

  /// Up to where the first of two ranges must reach to have the second in it; `nil` if they are better apart. A page is
  /// readable as a whole or not at all, so what is merged is refused only if each part of it is.
  private static func size(of first: MemoryRange, with next: MemoryRange) -> Int? {
    guard first.count > 0, next.count > 0, next.count <= smallest else { return nil }
    let offset = next.address - first.address
    guard offset < pageSize, offset <= UInt64(first.count) + largestGap,
      first.address / pageSize == (next.address &+ UInt64(next.count) &- 1) / pageSize
    else { return nil }
    return Int(offset) + next.count
  }

  /// The answers to the caller's ranges, out of those to ``merged``.
  func parts(of answers: [[UInt8]?], _ ranges: [MemoryRange]) -> [[UInt8]?] {
    zip(ranges, places).map { range, place in
      guard let answer = answers[place.range] else { return nil }
      if place.offset == 0, answer.count == range.count { return answer }
      // A stub that says less than it was asked for has refused what is missing.
      guard range.count >= 0, answer.count >= place.offset + range.count else { return nil }
      return Array(answer[place.offset..<place.offset + range.count])
    }
  }
}
