public import KernelObjects
public import LibVesper

/// Gives a client the pages of a large sparse array as it touches them, out of a bounded number of frames, and takes
/// them back when these are used up. What whoever receives the client's faults runs; the kernel knows of no pager.
///
/// A page comes for reading first: only a page that was written needs to be saved when its frame is taken back.
public struct Pager {
  /// What a pager works with. Objects of one kind have consecutive capability pointers.
  public struct Resources {
    /// The array: segments side by side, attached to the client's ProtectionDomain.
    public var firstSegment: CapabilityPointer
    public var segmentCount: UInt64
    /// Frames for the client; each is also mapped for the pager, by another capability, at its place in the window.
    public var firstFrame: CapabilityPointer
    public var frameCount: UInt64
    /// Address of the window, where the pager reads and writes the frames.
    public var window: UInt64
    /// Address and size in pages of the memory that holds what no frame holds.
    public var store: UInt64
    public var storePageCount: UInt64

    public init(
      firstSegment: CapabilityPointer, segmentCount: UInt64, firstFrame: CapabilityPointer,
      frameCount: UInt64,
      window: UInt64, store: UInt64, storePageCount: UInt64
    ) {
      self.firstSegment = firstSegment
      self.segmentCount = segmentCount
      self.firstFrame = firstFrame
      self.frameCount = frameCount
      self.window = window
      self.store = store
      self.storePageCount = storePageCount
    }
  }

  /// What a frame holds.
  private struct Resident {
    /// Page of the array; `nothing` is none.
    var page: UInt64 = nothing
    var isDirty = false

    static let nothing: UInt64 = .max
  }

  /// Frames that a pager uses at most.
  public static let frameLimit = 64

  private let resources: Resources
  /// Address of the array.
  public let base: UInt64
  private let frameCount: Int
  private var store: BackingStore
  private var residents = InlineArray<64, Resident>(repeating: Resident())
  /// The frame that was given longest ago, and is taken back next.
  private var oldest = 0

  /// Pages given to the client so far.
  public private(set) var pagesGiven: UInt64 = 0
  /// Pages taken back so far, and how many of them had to be saved.
  public private(set) var pagesTaken: UInt64 = 0
  public private(set) var pagesSaved: UInt64 = 0

  public init(_ resources: Resources) throws(Refusal) {
    self.resources = resources
    base = try SegmentCapability(resources.firstSegment).address()
    frameCount = min(Int(resources.frameCount), Self.frameLimit)
    store = BackingStore(address: resources.store, pageCount: resources.storePageCount)
  }

  /// Bytes of the array.
  public var size: UInt64 { resources.segmentCount << AddressSpace.segmentBits }

  /// Pages that the client has now.
  public var residentCount: Int {
    var count = 0
    for frame in 0..<frameCount where residents[frame].page != Resident.nothing { count += 1 }
    return count
  }

  /// Makes `address` accessible to the client that faulted there.
  ///
  /// - Returns: false if it is no address of the array.
  /// - Throws: `notEnoughMemory` if no frame can be freed, since the backing store is full.
  public mutating func serve(address: UInt64, isWrite: Bool) throws(Refusal) -> Bool {
    guard address >= base, address - base < size else { return false }
    let page = (address - base) >> AddressSpace.pageBits
    let frame = if let frame = residentFrame(of: page) { frame } else { try give(page) }
    if isWrite, !residents[frame].isDirty {
      try segment(of: page).protect(capability(frame), rights: .readWrite)
      residents[frame].isDirty = true
    }
    return true
  }

  /// Takes `count` frames, or as many as there are, from the client, those given first before the others.
  public mutating func takeBack(_ count: Int) throws(Refusal) {
    for _ in 0..<min(count, frameCount) {
      try empty(oldest)
      oldest = (oldest + 1) % frameCount
    }
  }
}

extension Pager {
  private func residentFrame(of page: UInt64) -> Int? {
    for frame in 0..<frameCount where residents[frame].page == page { return frame }
    return nil
  }

  /// Fills the oldest frame with the page's contents and maps it for reading.
  private mutating func give(_ page: UInt64) throws(Refusal) -> Int {
    let frame = oldest
    try empty(frame)
    oldest = (oldest + 1) % frameCount
    if let contents = store.contents(of: page) {
      Page.copy(from: contents, to: windowAddress(frame))
    } else {
      Page.clear(windowAddress(frame))
    }
    try segment(of: page).map(capability(frame), at: index(of: page), rights: .read)
    residents[frame] = Resident(page: page)
    pagesGiven += 1
    return frame
  }

  /// Takes a frame from the client. First it is unmapped, so that what is saved then is the last that was written.
  private mutating func empty(_ frame: Int) throws(Refusal) {
    let resident = residents[frame]
    guard resident.page != Resident.nothing else { return }
    guard !resident.isDirty || store.reserve(resident.page) != nil else { throw Refusal(.notEnoughMemory) }
    try segment(of: resident.page).unmap(capability(frame))
    if resident.isDirty, let contents = store.reserve(resident.page) {
      Page.copy(from: windowAddress(frame), to: contents)
      pagesSaved += 1
    }
    residents[frame] = Resident()
    pagesTaken += 1
  }

  private func capability(_ frame: Int) -> FrameCapability {
    FrameCapability(CapabilityPointer(rawValue: resources.firstFrame.rawValue + UInt64(frame)))
  }

  private func windowAddress(_ frame: Int) -> UInt64 { resources.window + UInt64(frame) * Page.size }

  private func segment(of page: UInt64) -> SegmentCapability {
    let number = page / SegmentCapability.pageCount
    return SegmentCapability(CapabilityPointer(rawValue: resources.firstSegment.rawValue + number))
  }

  private func index(of page: UInt64) -> UInt64 { page % SegmentCapability.pageCount }
}
