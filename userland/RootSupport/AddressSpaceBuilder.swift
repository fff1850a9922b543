public import KernelObjects
public import LibVesper

extension ObjectAllocator {
  /// Attaches a segment, making the tables that are missing above it.
  public mutating func attach(
    _ segment: SegmentCapability, to protectionDomain: ProtectionDomainCapability, rights: Rights
  ) throws(Refusal) {
    let address = try segment.address()
    // At most a level 1 and a level 2 table are missing.
    for _ in 0..<2 {
      do {
        return try protectionDomain.attach(segment, rights: rights)
      } catch {
        guard error.status == .missingTable else { throw error }
        try protectionDomain.install(PageTableCapability(try objects(.pageTable)), for: address)
      }
    }
    try protectionDomain.attach(segment, rights: rights)
  }

  /// Makes `count` frames and maps them side by side from page `index` of the segment on.
  ///
  /// - Returns: the first frame; the others follow in the root CNode.
  @discardableResult
  public mutating func mapFrames(_ count: UInt64, in segment: SegmentCapability, at index: UInt64)
    throws(Refusal)
    -> CapabilityPointer
  {
    let first = try objects(.frame, count: count)
    for page in 0..<count {
      let frame = FrameCapability(CapabilityPointer(rawValue: first.rawValue + page))
      try segment.map(frame, at: index + page, rights: .readWrite)
    }
    return first
  }
}
