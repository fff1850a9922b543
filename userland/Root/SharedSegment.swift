internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// Memory that several domains see at the same address.
struct SharedSegment {
  private let segment: SegmentCapability
  let address: UInt64
  /// Bytes.
  let size: UInt64 = pageCount << AddressSpace.pageBits

  private static let pageCount: UInt64 = 4

  init(allocator: inout ObjectAllocator) throws(Refusal) {
    segment = try allocator.segment()
    address = try segment.address()
    try allocator.mapFrames(Self.pageCount, in: segment, at: 0)
  }

  /// One capability is one attachment, so each domain's has a copy of its own.
  func attach(
    to protectionDomain: ProtectionDomainCapability, rights: Rights, allocator: inout ObjectAllocator
  ) throws(Refusal) {
    let copy = SegmentCapability(try allocator.copy(segment.pointer))
    try allocator.attach(copy, to: protectionDomain, rights: rights)
  }
}
