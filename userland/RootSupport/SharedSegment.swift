public import KernelObjects
public import LibVesper

/// Memory that several domains see at the same address.
public struct SharedSegment {
  public let segment: SegmentCapability
  public let address: UInt64
  /// Bytes.
  public let size: UInt64

  /// `isReversed` puts the pages into memory in the opposite order, so that no two that follow each other here do so
  /// there.
  public init(pages count: UInt64, isReversed: Bool = false, allocator: inout ObjectAllocator) throws(Refusal)
  {
    segment = try allocator.segment()
    address = try segment.address()
    size = count << AddressSpace.pageBits
    let first = try allocator.objects(.frame, count: count)
    for page in 0..<count {
      let frame = FrameCapability(CapabilityPointer(rawValue: first.rawValue + page))
      try segment.map(frame, at: isReversed ? count - 1 - page : page, rights: .readWrite)
    }
  }

  /// One capability is one attachment, so each domain's has a copy of its own.
  public func attach(
    to protectionDomain: ProtectionDomainCapability, rights: Rights, allocator: inout ObjectAllocator
  ) throws(Refusal) {
    let copy = SegmentCapability(try allocator.copy(segment.pointer))
    try allocator.attach(copy, to: protectionDomain, rights: rights)
  }
}
