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

/// Whether `bytes` at `address` are whole sectors of memory, and sectors from `first` on of a disk that has
/// `sectorCount`; no numbers overflow.
public func areSectors(_ bytes: UInt64, at address: UInt64, first: UInt64, sectorCount: UInt64) -> Bool {
  guard bytes > 0, (bytes | address) % BlockRequest.sectorSize == 0, first <= sectorCount else {
    return false
  }
  return bytes / BlockRequest.sectorSize <= sectorCount - first
}
