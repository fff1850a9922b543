internal import GDBProtocol

/// The software breakpoints that are set, with the instructions that stood in their places.
///
/// The entries are in memory of the stub's owner and not in an `InlineArray`: to read one element of that,
/// the compiler (Swift 6.3.1) copies the whole table to the stack.
struct BreakpointTable {
  struct Entry {
    var address: UInt64
    /// What the program has at `address`, in the low bytes.
    var original: UInt32
  }

  static var capacity: Int { 64 }
  /// In bytes.
  static var size: Int { capacity &* stride }

  private static var stride: Int { 12 }
  private static var originalOffset: Int { 8 }

  private let memory: ByteBuffer
  private(set) var count = 0

  /// - Parameter memory: ``size`` bytes; with fewer, fewer breakpoints can be set.
  init(memory: ByteBuffer) {
    self.memory = memory
  }

  var isFull: Bool { count >= min(Self.capacity, memory.count / Self.stride) }

  func index(of address: UInt64) -> Int? {
    firstIndex { $0.address == address }
  }

  /// The entry that `isWanted` picks first.
  func firstIndex(_ isWanted: (Entry) -> Bool) -> Int? {
    var index = 0
    while index < count {
      if isWanted(self[index]) { return index }
      index &+= 1
    }
    return nil
  }

  func forEach(_ body: (Entry) -> Void) {
    _ = firstIndex {
      body($0)
      return false
    }
  }

  /// The entry at an index less than ``count``.
  subscript(index: Int) -> Entry {
    get {
      let start = index &* Self.stride
      return Entry(
        address: memory.load(at: start, bytes: 8),
        original: UInt32(truncatingIfNeeded: memory.load(at: start &+ Self.originalOffset, bytes: 4)))
    }
    nonmutating set {
      let start = index &* Self.stride
      memory.store(newValue.address, at: start, bytes: 8)
      memory.store(UInt64(newValue.original), at: start &+ Self.originalOffset, bytes: 4)
    }
  }

  /// Adds an entry, if the table is not full.
  mutating func append(_ entry: Entry) {
    if isFull { return }
    self[count] = entry
    count &+= 1
  }

  /// Removes the entry at an index less than ``count``.
  mutating func remove(at index: Int) {
    count &-= 1
    self[index] = self[count]
  }
}
