internal import LibVesper

/// One page that a driver and its device both use: where each finds it.
public struct DevicePage: Sendable {
  public let virtual: UInt64
  public let physical: UInt64

  public init(virtual: UInt64, physical: UInt64) {
    self.virtual = virtual
    self.physical = physical
  }
}

/// Two pages for a queue, filled with zeros.
public struct QueueMemory: Sendable {
  let descriptors: DevicePage
  let rings: DevicePage

  public init(descriptors: DevicePage, rings: DevicePage) {
    self.descriptors = descriptors
    self.rings = rings
  }
}

/// A split virtqueue (virtio 1.2, 2.7).
///
/// Its descriptors are divided into chains of one length, and a chain belongs to one request at a time: no list of free
/// descriptors is needed, and the number of a chain says whose request was done.
public struct VirtQueue: Sendable {
  private let memory: QueueMemory
  /// Descriptors, a power of two.
  private let size: UInt64
  private let chainLength: UInt64
  /// Requests offered and taken back so far.
  private var offered: UInt16 = 0
  private var taken: UInt16 = 0

  /// So many 16-byte descriptors fill a page.
  static let maximumSize: UInt64 = 256
  /// Where the device's ring begins in the second page, behind the driver's with its 518 bytes at most.
  static let usedRingOffset: UInt64 = 1024

  /// VIRTQ_DESC_F_NEXT and VIRTQ_DESC_F_WRITE.
  private static let hasNext: UInt16 = 1
  private static let isWritten: UInt16 = 2

  init(_ memory: QueueMemory, size: UInt64, chainLength: UInt64) {
    self.memory = memory
    self.size = size
    self.chainLength = chainLength
  }

  /// Requests that can be under way at once.
  public var chainCount: UInt64 { size / chainLength }

  /// Sets a descriptor of a chain: `count` bytes that the device reads, or writes if `isWritten`; the next one follows
  /// unless it is the last.
  ///
  /// - Precondition: the chain is not the device's at the time, and `index` is below the length of a chain.
  public func describe(
    _ index: UInt64, of chain: UInt64, address: UInt64, count: UInt64, isWritten: Bool, isLast: Bool
  ) {
    let number = chain * chainLength + index
    let descriptor = memory.descriptors.virtual + number * 16
    let flags = (isWritten ? Self.isWritten : 0) | (isLast ? 0 : Self.hasNext)
    DeviceMemory.store(address, at: descriptor)
    DeviceMemory.store(UInt32(truncatingIfNeeded: count), at: descriptor + 8)
    DeviceMemory.store(flags, at: descriptor + 12)
    DeviceMemory.store(UInt16(truncatingIfNeeded: isLast ? 0 : number + 1), at: descriptor + 14)
  }

  /// Offers a chain to the device (virtio 1.2, 2.7.13); it must still be notified.
  public mutating func offer(_ chain: UInt64) {
    let entry = memory.rings.virtual + 4 + UInt64(offered) % size * 2
    DeviceMemory.store(UInt16(truncatingIfNeeded: chain * chainLength), at: entry)
    offered &+= 1
    // The descriptors and the entry must be there before the index says so, and that before the notification.
    Processor.orderDeviceMemory()
    DeviceMemory.store(offered, at: memory.rings.virtual + 2)
    Processor.orderDeviceMemory()
  }

  /// A chain that the device is done with, and how many bytes it wrote (virtio 1.2, 2.7.14); nil if there is none.
  public mutating func takeDone() -> (chain: UInt64, written: UInt64)? {
    let ring = memory.rings.virtual + Self.usedRingOffset
    guard DeviceMemory.loadHalf(ring + 2) != taken else { return nil }
    Processor.orderDeviceMemory()
    let entry = ring + 4 + UInt64(taken) % size * 8
    taken &+= 1
    let chain = UInt64(DeviceMemory.loadWord(entry)) / chainLength
    // A device that names another chain than there is has nothing to say.
    guard chain < chainCount else { return nil }
    return (chain, UInt64(DeviceMemory.loadWord(entry + 4)))
  }
}
