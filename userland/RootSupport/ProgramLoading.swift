public import KernelObjects
public import LibVesper

extension ObjectAllocator {
  /// Copies a program into the segment: pages 0 on of its own rights, and a stack at the segment's end.
  ///
  /// While it is filled every page is for reading and writing and only the root domain sees it; then its pages
  /// get their final rights, so none is ever for writing and executing at once.
  public mutating func load(
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
