internal import KernelObjects
public import LibVesper

/// The root domain's look into segments that belong to others, one at a time.
public struct SegmentWindow {
  private let protectionDomain = ProtectionDomainCapability(BootInfo.RootSlot.protectionDomain.pointer)
  /// Takes the copy of the segment's capability that is attached.
  private let slot: UInt64

  public init(allocator: inout ObjectAllocator) throws(Refusal) { slot = try allocator.slots() }

  /// Calls `body` with the segment's address while it is attached here for reading and writing.
  public func withContents(
    of segment: SegmentCapability, allocator: inout ObjectAllocator,
    _ body: (UInt64) throws(Refusal) -> Void
  ) throws(Refusal) {
    let copy = SegmentCapability(CapabilityPointer(rawValue: slot))
    try allocator.cnode.copy(to: slot, from: allocator.slot(of: segment.pointer))
    try allocator.attach(copy, to: protectionDomain, rights: .readWrite)
    try body(try segment.address())
    try protectionDomain.detach(copy)
    try allocator.cnode.delete(slot)
  }
}
