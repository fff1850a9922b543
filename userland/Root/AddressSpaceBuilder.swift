internal import KernelObjects
internal import LibVesper

extension ObjectAllocator {
  /// Attaches a segment, making the tables that are missing above it.
  mutating func attach(
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
  mutating func mapFrames(_ count: UInt64, in segment: SegmentCapability, at index: UInt64) throws(Refusal)
    -> CapabilityPointer
  {
    let first = try objects(.frame, count: count)
    for page in 0..<count {
      let frame = FrameCapability(CapabilityPointer(rawValue: first.rawValue + page))
      try segment.map(frame, at: index + page, rights: .readWrite)
    }
    return first
  }

  /// Copies a program into the segment: pages 0 on of its own rights, and a stack at the segment's end.
  ///
  /// While it is filled every page is for reading and writing and only the root domain sees it; then its pages
  /// get their final rights, so none is ever for writing and executing at once.
  mutating func load(
    _ image: ProgramImage, into segment: SegmentCapability, through window: SegmentWindow
  ) throws(Refusal) {
    let first = try mapFrames(image.pageCount, in: segment, at: 0)
    try mapFrames(Self.stackPages, in: segment, at: SegmentCapability.pageCount - Self.stackPages)
    try window.withContents(of: segment, allocator: &self) { address throws(Refusal) in
      Self.copyPages(image.pageCount, from: image.address, to: address)
      for page in 0..<image.pageCount {
        let frame = FrameCapability(CapabilityPointer(rawValue: first.rawValue + page))
        let rights = image.rights(ofPage: page)
        if rights.contains(.execute) { try frame.synchronizeInstructions() }
        try segment.protect(frame, rights: rights)
      }
    }
  }

  private static let stackPages: UInt64 = 4

  private static func copyPages(_ count: UInt64, from source: UInt64, to destination: UInt64) {
    // Safety: the source is a checked image mapped for reading; the destination was just mapped for writing.
    guard let from = unsafe UnsafeRawPointer(bitPattern: UInt(source)),
      let to = unsafe UnsafeMutableRawPointer(bitPattern: UInt(destination))
    else { return }
    unsafe to.copyMemory(from: from, byteCount: Int(count << AddressSpace.pageBits))
  }
}
