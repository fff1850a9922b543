// What drivers and their clients say to each other. A client is known by the badge of its endpoint, 1...8. It first
// shares segments: from then on a bare address within them, which means the same in both domains, names memory that
// the device may be told of. Nothing is copied, and the driver itself never sees what is there.

/// What every driver can be asked, as message labels.
public enum DriverRequest: UInt64, Sendable {
  /// Comes with a Segment capability: lets its memory be named in requests.
  case share = 1
}

/// What a block driver can be asked, as message labels.
public enum BlockRequest: UInt64, Sendable {
  /// Answers w0 the number of sectors, w1 1 if nothing can be written.
  case describe = 2
  /// w0 address, w1 bytes, w2 first sector: from the disk to memory. Both must be whole sectors.
  case read = 3
  /// w0 address, w1 bytes, w2 first sector: from memory to the disk.
  case write = 4
  /// What was written survives from now on.
  case flush = 5

  /// Bytes in a sector, whatever the disk's own unit is (virtio 1.2, 5.2.4).
  public static let sectorSize: UInt64 = 512
}

/// What a console driver can be asked, as message labels.
public enum ConsoleRequest: UInt64, Sendable {
  /// w0 address, w1 bytes.
  case write = 2
  /// w0 address, w1 bytes at most, of which at least one comes; answers w0 how many.
  case read = 3
}

/// How a driver answers, as message labels.
public enum DriverAnswer: UInt64, Sendable {
  case done = 0
  /// The label is no request, or the badge no client's.
  case unknownRequest = 1
  /// What came to be shared is no segment, or one too many.
  case cannotShare = 2
  /// Not all bytes are shared memory, with the right to do that with them.
  case notShared = 3
  /// Not whole sectors of memory and disk, or nothing at all.
  case outOfRange = 4
  /// The disk can only be read.
  case readOnly = 5
  /// The device says that it failed.
  case failed = 6
  /// The client's last request is not done yet.
  case busy = 7

  public var name: StaticString {
    switch self {
    case .done: "done"
    case .unknownRequest: "unknown-request"
    case .cannotShare: "cannot-share"
    case .notShared: "not-shared"
    case .outOfRange: "out-of-range"
    case .readOnly: "read-only"
    case .failed: "failed"
    case .busy: "busy"
    }
  }
}

/// Whether `bytes` at `address` are whole sectors of memory, and sectors from `first` on of a disk that has
/// `sectorCount`; no numbers overflow.
public func areSectors(_ bytes: UInt64, at address: UInt64, first: UInt64, sectorCount: UInt64) -> Bool {
  guard bytes > 0, (bytes | address) % BlockRequest.sectorSize == 0, first <= sectorCount else {
    return false
  }
  return bytes / BlockRequest.sectorSize <= sectorCount - first
}

/// What the test of the block driver has on its disk, one word for each 8 bytes, and what it leaves there.
public enum DiskPattern {
  /// Word `index` of the disk before.
  @inlinable
  public static func before(_ index: UInt64) -> UInt64 { index &* 0x9e37_79b9_7f4a_7c15 }

  /// Word `index` of the disk afterwards.
  @inlinable
  public static func after(_ index: UInt64) -> UInt64 { ~before(index) }
}
