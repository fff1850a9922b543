package import TargetLink

/// A picture of memory that a test makes wrong and sound again, and that counts what is read of it.
///
/// A reader that goes beyond `bound` gets nothing more, and is known by it.
package final class HostileTarget: Target {
  package let wayIn = "hostile memory"
  package let capabilities: TargetCapabilities = [.readsWhileRunning]
  package let state = RunState.running
  package var directMapOffset: UInt64 = 0
  package var onConsoleText: (([UInt8]) -> Void)?

  package let base: UInt64
  package let descriptorPlace: Range<Int>
  package private(set) var bytes: [UInt8]
  /// Bytes from here on are not there.
  package var visibleCount: Int
  private var changes: [(offset: Int, old: UInt64)] = []

  package private(set) var reads = ReadCount()
  package var bound = ReadCount(calls: .max, ranges: .max, bytes: .max)
  package private(set) var isBeyondBound = false

  package init(base: UInt64, bytes: [UInt8], descriptorPlace: Range<Int>) {
    self.base = base
    self.bytes = bytes
    self.descriptorPlace = descriptorPlace
    visibleCount = bytes.count
  }

  /// The descriptor as it lies in memory, so that it is not searched for.
  package func readDescriptor() -> [UInt8]? { Array(bytes[descriptorPlace]) }

  package func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    reads.calls += 1
    reads.ranges += ranges.count
    let answers = ranges.map(read)
    reads.bytes += answers.reduce(0) { $0 + ($1?.count ?? 0) }
    guard reads.isWithin(bound) else {
      isBeyondBound = true
      throw .closed(during: "reading more than was to be expected")
    }
    return answers
  }

  private func read(_ range: MemoryRange) -> [UInt8]? {
    guard range.address >= base, range.count >= 0 else { return nil }
    let offset = range.address - base
    guard offset <= UInt64(visibleCount), range.count <= visibleCount - Int(offset) else { return nil }
    return Array(bytes[Int(offset)..<Int(offset) + range.count])
  }

  package func detach(keepingStop: Bool) {}

  /// Forgets what was counted.
  package func resetCount() {
    reads = ReadCount()
    isBeyondBound = false
  }
}

/// What was asked of a target.
package struct ReadCount {
  package var calls = 0
  package var ranges = 0
  /// Bytes that were there.
  package var bytes = 0

  package init(calls: Int = 0, ranges: Int = 0, bytes: Int = 0) {
    self.calls = calls
    self.ranges = ranges
    self.bytes = bytes
  }

  func isWithin(_ bound: ReadCount) -> Bool {
    calls <= bound.calls && ranges <= bound.ranges && bytes <= bound.bytes
  }

  package mutating func formMaximum(_ other: ReadCount) {
    calls = max(calls, other.calls)
    ranges = max(ranges, other.ranges)
    bytes = max(bytes, other.bytes)
  }
}

/// What a mutation does.
extension HostileTarget {
  /// Words of memory.
  package var wordCount: Int { bytes.count / 8 }

  package func word(_ index: Int) -> UInt64 {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) }
  }

  package func set(_ index: Int, to word: UInt64) {
    guard index >= 0, index < wordCount else { return }
    changes.append((index * 8, self.word(index)))
    store(word, at: index * 8)
  }

  private func store(_ word: UInt64, at offset: Int) {
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: word, toByteOffset: offset, as: UInt64.self) }
  }

  /// Index of the word at a physical address.
  package func index(of address: UInt64) -> Int { Int(truncatingIfNeeded: (address &- base) / 8) }

  /// Puts everything back.
  package func restore() {
    for change in changes.reversed() { store(change.old, at: change.offset) }
    changes.removeAll(keepingCapacity: true)
    visibleCount = bytes.count
  }
}
