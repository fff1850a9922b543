internal import KernelObjects
internal import LibVesper
internal import Pager

/// An array of 64 MiB, the domain that pages it, and the space of a client. What the pager has is in a CNode of its own.
struct PagedArray {
  static let size: UInt64 = 64 << 20
  static let frameCount: UInt64 = 24
  private static let segmentCount = size >> AddressSpace.segmentBits
  private static let ownerBadge: UInt64 = 0x0e

  /// The pager's slots.
  private enum Slot {
    static let endpoint: UInt64 = 1
    static let firstSegment: UInt64 = 2
    static let firstFrame = firstSegment + segmentCount
    static let end = firstFrame + frameCount
    static let radix: UInt64 = 7
  }

  let base: UInt64
  let pager: Helper
  /// The address space of the pager.
  let pagerSpace: IsolatedSpace
  /// The capability space of the pager.
  let pagerNode: CNodeCapability
  /// Capabilities that the pager has.
  static var pagerCapabilities: UInt64 { 1 + segmentCount + frameCount }
  private let owner: EndpointCapability
  /// Where the pager's own faults are reported.
  private let pagerFaults: EndpointCapability
  private let faults: EndpointCapability
  private let clientSpace: IsolatedSpace
  var clientProtectionDomain: ProtectionDomainCapability { clientSpace.protectionDomain }

  init(_ t: inout Trial) throws(Refusal) {
    clientSpace = try IsolatedSpace(&t)
    pagerSpace = try IsolatedSpace(&t)
    pagerNode = try t.wholeCNode(radix: Slot.radix)
    let endpoint = try t.endpoint()
    pagerFaults = try t.endpoint()
    owner = EndpointCapability(try t.badged(endpoint.pointer, Self.ownerBadge))
    faults = EndpointCapability(try t.badged(endpoint.pointer, 1, rights: .write))
    try pagerNode.copy(to: Slot.endpoint, from: t.slot(endpoint.pointer), rights: .read)

    let first = try t.make(.segment, count: Self.segmentCount)
    base = try SegmentCapability(first).address()
    for number in 0..<Self.segmentCount {
      let segment = SegmentCapability(CapabilityPointer(first.rawValue + number))
      try t.attach(segment, to: clientSpace.protectionDomain, rights: .readWrite)
      try pagerNode.copy(to: Slot.firstSegment + number, from: t.slot(segment.pointer))
    }
    let window = try Self.memory(&t, for: pagerSpace, pages: Self.frameCount)
    for number in 0..<Self.frameCount {
      let frame = CapabilityPointer(window.firstFrame.rawValue + number)
      try pagerNode.copy(to: Slot.firstFrame + number, from: t.slot(frame))
    }
    let store = try Self.memory(&t, for: pagerSpace, pages: SegmentCapability.pageCount)
    let configuration = PagerServer.Configuration(
      endpoint: CapabilityPointer(Slot.endpoint), ownerBadge: Self.ownerBadge,
      resources: Pager.Resources(
        firstSegment: CapabilityPointer(Slot.firstSegment), segmentCount: Self.segmentCount,
        firstFrame: CapabilityPointer(Slot.firstFrame), frameCount: Self.frameCount,
        window: window.address, store: store.address, storePageCount: SegmentCapability.pageCount))
    let address = HelperMemory.extra(pagerSpace.record)
    pager = try t.helper(
      1, in: pagerSpace, cnode: pagerNode, name: 0, faultEndpoint: pagerFaults,
      [HelperStep(.servePages, address)])
    // Safety: the record's page is mapped for reading and writing, and the helper's record ends before this.
    unsafe UnsafeMutablePointer<PagerServer.Configuration>(bitPattern: UInt(address))?.pointee = configuration
    try pager.start()
    t.settle()
  }

  /// Pages of memory that only the pager and the root domain reach.
  private static func memory(_ t: inout Trial, for space: IsolatedSpace, pages: UInt64) throws(Refusal) -> (
    address: UInt64, firstFrame: CapabilityPointer
  ) {
    let segment = try t.segment()
    var first: CapabilityPointer?
    for page in 0..<pages {
      let frame = try t.frame()
      if first == nil { first = frame.pointer }
      try segment.map(frame, at: page, rights: .readWrite)
    }
    try t.attach(segment, to: space.protectionDomain, rights: .readWrite)
    return (try segment.address(), first ?? .none)
  }

  func step(_ action: HelperStep.Action) -> HelperStep { HelperStep(action, base, Self.size) }

  /// A client that has begun.
  func client<let count: Int>(_ t: inout Trial, _ steps: InlineArray<count, HelperStep>) throws(Refusal)
    -> Helper
  {
    let client = try t.helper(0, in: clientSpace, faultEndpoint: faults, steps)
    try client.start()
    return client
  }

  /// Lets client and pager run until the client has done all that it is to do.
  func run(_ client: Helper) {
    for _ in 0..<100_000 where !client.isDone { Processor.yield() }
  }

  func statistics() throws(Refusal) -> PagerServer.Statistics { try request(.tell) }

  @discardableResult
  func takeBack(_ count: UInt64) throws(Refusal) -> PagerServer.Statistics { try request(.takeBack, count) }

  private func request(_ request: PagerServer.Request, _ word: UInt64 = 0) throws(Refusal)
    -> PagerServer.Statistics
  {
    // Whoever calls a pager that has stopped waits for ever.
    if let fault = try? pagerFaults.nonBlockingReceive() {
      throw Refusal(.cancelled, argument: fault.message.words[0], detail: fault.message.words[1])
    }
    guard !pager.isDone else {
      throw Refusal(rawStatus: pager.answer().status, argument: 0, detail: 0, label: 0)
    }
    let answer = try owner.call(Message(label: request.rawValue, words: [word])).message
    guard answer.label == Status.ok.rawValue else { throw Refusal(.invalidArgument, detail: answer.label) }
    return PagerServer.Statistics(answer)
  }
}
