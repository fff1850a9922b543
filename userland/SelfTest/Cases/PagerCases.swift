internal import KernelObjects
internal import LibVesper
internal import Pager

extension SelfTest {
  mutating func pagerCases() {
    test("a pager serves a sparse array of 64 MiB out of 24 frames") { t throws(Refusal) in
      var paging = try Paging(&t)
      let client = try paging.client(&t, [paging.step(.fillSparse), paging.step(.checkSparse)])
      try paging.run(t, client)
      t.equal(client.answer(0).words[0], SparseArray.pagesTouched)
      t.equal(client.answer(1).words[0], 0, "words that are not what was written")
      t.equal(paging.pager.size, 64 << 20)
      t.holds(paging.pager.residentCount <= 24)
      // Each page was given for filling and again for checking, since there are many more of them than frames.
      t.holds(paging.pager.pagesGiven >= 2 * SparseArray.pagesTouched)
      t.holds(paging.pager.pagesSaved >= SparseArray.pagesTouched - 24)
    }
    test("a pager takes all pages back, and its client finds them as they were") { t throws(Refusal) in
      var paging = try Paging(&t)
      let fill = try paging.client(&t, [paging.step(.fillSparse)])
      try paging.run(t, fill)
      t.equal(UInt64(paging.pager.residentCount), 24)
      try paging.pager.takeBack(10)
      t.equal(UInt64(paging.pager.residentCount), 14)
      try paging.pager.takeBack(24)
      t.equal(UInt64(paging.pager.residentCount), 0)
      fill.prepare([paging.step(.checkSparse)], domain: fill.domain.word)
      try fill.start()
      try paging.run(t, fill)
      t.equal(fill.answer(0).words[0], 0, "words that are not what was written")
    }
    test("a page that is only read is not saved") { t throws(Refusal) in
      var paging = try Paging(&t)
      let client = try paging.client(&t, [paging.step(.checkUntouched)])
      try paging.run(t, client)
      t.equal(client.answer(0).words[0], 0, "words that are not zero")
      try paging.pager.takeBack(24)
      t.equal(paging.pager.pagesSaved, 0)
      t.equal(paging.pager.pagesTaken, paging.pager.pagesGiven)
    }
    test("a pager does not serve a fault outside of its array") { t throws(Refusal) in
      var paging = try Paging(&t)
      let client = try paging.client(&t, [HelperStep(.load, paging.pager.base + paging.pager.size)])
      t.settle()
      let fault = try t.nextFault(paging.faults)
      t.holds(try !paging.pager.serve(address: fault.address, isWrite: fault.isWrite))
      try ReplyCapability.reply(Message(label: 1))
      t.settle()
      t.equal(client.finished, 0)
    }
  }
}

/// A pager, the array that it serves, and the space of the client.
private struct Paging {
  var pager: Pager
  let faults: EndpointCapability
  private let badged: EndpointCapability
  private let space: IsolatedSpace

  private static let segmentCount: UInt64 = 32
  private static let frameCount: UInt64 = 24

  init(_ t: inout Trial) throws(Refusal) {
    (faults, badged) = try t.faultEndpoint()
    space = try IsolatedSpace(&t)
    let first = try t.make(.segment, count: Self.segmentCount)
    for number in 0..<Self.segmentCount {
      let segment = SegmentCapability(CapabilityPointer(first.rawValue + number))
      try t.attach(segment, to: space.protectionDomain, rights: .readWrite)
    }
    let window = try t.attachedSegment()
    let firstFrame = try t.make(.frame, count: Self.frameCount)
    for number in 0..<Self.frameCount {
      let copy = FrameCapability(try t.copy(CapabilityPointer(firstFrame.rawValue + number)))
      try window.map(copy, at: number, rights: .readWrite)
    }
    let store = try t.attachedSegment()
    for page in 0..<SegmentCapability.pageCount {
      try store.map(try t.frame(), at: page, rights: .readWrite)
    }
    pager = try Pager(
      Pager.Resources(
        firstSegment: first, segmentCount: Self.segmentCount, firstFrame: firstFrame,
        frameCount: Self.frameCount, window: try window.address(), store: try store.address(),
        storePageCount: SegmentCapability.pageCount))
  }

  func step(_ action: HelperStep.Action) -> HelperStep { HelperStep(action, pager.base, pager.size) }

  /// A client that has begun.
  func client<let count: Int>(_ t: inout Trial, _ steps: InlineArray<count, HelperStep>) throws(Refusal)
    -> Helper
  {
    let client = try t.helper(0, in: space, faultEndpoint: badged, steps)
    try client.start()
    return client
  }

  /// Serves the client's faults until it has done all that it is to do.
  mutating func run(_ t: Trial, _ client: Helper) throws(Refusal) {
    var isServed = true
    while isServed {
      Processor.yield()
      guard let received = try? faults.nonBlockingReceive() else {
        if client.isDone { return }
        continue
      }
      let fault = Fault(received)
      isServed = try pager.serve(address: fault.address, isWrite: fault.isWrite)
      try ReplyCapability.reply(Message(label: isServed ? 0 : 1))
    }
  }
}
