internal import TargetLink

/// The memory that a snapshot is read from.
///
/// What one attempt asked for, the next can have fetched all at once, between two readings of the epoch: that takes
/// a small part of the time of following pointers from object to object, so that the kernel is more likely at rest.
final class SnapshotMemory {
  private let target: any Target
  private var fetched: [MemoryRange: [UInt8]] = [:]
  private var gathered: GatheredMemory?
  /// What was asked for since the last call of ``fetchAgain(epoch:)``, without repetitions.
  private var asked: [MemoryRange] = []
  private var isAsked: Set<MemoryRange> = []
  /// Whether something was read that had not been fetched.
  private(set) var isBeyondFetched = false

  init(_ target: any Target) {
    self.target = target
  }

  /// How many bytes the last attempt asked for.
  var askedSize: Int { asked.reduce(0) { $0 + $1.count } }

  var defects: [TargetDefect] { target.defects }

  /// Has the target gather all of one moment that it knows to be wanted; returns whether it can.
  func gather() throws(TargetError) -> Bool {
    gathered = try target.readObjects()
    isBeyondFetched = false
    return gathered != nil
  }

  func read(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    if target.capabilities.contains(.readsAtOnce) {
      for range in ranges where isAsked.insert(range).inserted { asked.append(range) }
    }
    guard !fetched.isEmpty || gathered != nil else { return try target.readPhysical(ranges) }
    let known = ranges.map { fetched[$0] ?? gathered?[$0] }
    let missing = zip(ranges, known).compactMap { $1 == nil ? $0 : nil }
    guard !missing.isEmpty else { return known }
    isBeyondFetched = true
    var answers = try target.readPhysical(missing)[...]
    return known.map { $0 ?? answers.popFirst() ?? nil }
  }

  /// Fetches everything that was asked for; returns the words at `epoch` before and after.
  func fetchAgain(epoch: MemoryRange) throws(TargetError) -> (before: UInt64, after: UInt64)? {
    let answers = try target.readPhysical([epoch] + asked + [epoch])
    guard answers.count == asked.count + 2, let before = answers[0], let after = answers[answers.count - 1]
    else { return nil }
    fetched = [:]
    for (range, bytes) in zip(asked, answers.dropFirst()) { fetched[range] = bytes }
    isBeyondFetched = false
    return (
      ByteView(before).integer(at: 0, size: epoch.count), ByteView(after).integer(at: 0, size: epoch.count)
    )
  }

  /// Begins another attempt, which asks for all it needs.
  func forgetAsked() {
    asked = []
    isAsked = []
  }
}
