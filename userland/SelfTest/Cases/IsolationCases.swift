internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func isolationCases() {
    spaces()
    takingAway()
    takingSpacesAway()
  }

  private mutating func spaces() {
    test("a domain runs in a space of its own") { t throws(Refusal) in
      let space = try IsolatedSpace(&t)
      let helper = try t.helper(0, in: space, [HelperStep(Request(.yield))])
      try helper.start()
      t.settle()
      t.holds(helper.isDone)
    }
    test("a domain does not read what is not attached to its space") { t throws(Refusal) in
      let secret = try t.attachedSegment()
      try secret.map(try t.frame(), at: 0, rights: .readWrite)
      Memory.write(0x5ec, at: try secret.address())
      let fault = try t.isolatedFault(HelperStep(.load, try secret.address()))
      t.holds(fault.kind == .dataAbort)
      t.equal(fault.status, Fault.translation)
      t.equal(Memory.read(try secret.address()), 0x5ec)
    }
    test("a domain does not write through an attachment for reading") { t throws(Refusal) in
      // Its page is writable here; the attachment takes that away there.
      let word = t.laboratory.helperRecords[1]
      let fault = try t.isolatedFault(HelperStep(.store, word, 1))
      t.equal(fault.address, word)
      t.equal(fault.status, Fault.permission)
      t.holds(fault.isWrite)
    }
    test("a domain does not execute through an attachment without that right") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let space = try IsolatedSpace(&t)
      let frame = try t.frame()
      try space.segment.map(frame, at: HelperMemory.pageCount, rights: .readWrite)
      let address = space.record + HelperMemory.pageCount << AddressSpace.pageBits
      Memory.write(Instructions.answer42, at: address)
      try space.segment.protect(frame, rights: .readExecute)
      t.equal(Instructions.execute(address), 42)
      try t.helper(0, in: space, faultEndpoint: badged, [HelperStep(.execute, address)]).start()
      let fault = try t.nextFault(handler)
      t.holds(fault.kind == .instructionAbort)
      t.equal(fault.programCounter, address)
    }
    test("a domain sees memory at the same address in both spaces") { t throws(Refusal) in
      let space = try IsolatedSpace(&t)
      try space.segment.map(try t.frame(), at: HelperMemory.pageCount, rights: .readWrite)
      let address = space.record + HelperMemory.pageCount << AddressSpace.pageBits
      Memory.write(0x1111, at: address)
      let helper = try t.helper(
        0, in: space, [HelperStep(.load, address), HelperStep(.store, address, 0x2222)])
      try helper.start()
      t.settle()
      t.equal(helper.answer(0).words[0], 0x1111)
      t.equal(Memory.read(address), 0x2222)
    }
  }

  private mutating func takingAway() {
    test("a page that is unmapped is gone at once") { t throws(Refusal) in
      try t.expectGone { t, page throws(Refusal) in try page.segment.unmap(page.frame) }
    }
    test("a page whose Frame is deleted is gone at once") { t throws(Refusal) in
      try t.expectGone { t, page throws(Refusal) in try t.cnode.delete(page.frame.word) }
    }
    test("a page whose Frame was derived from what is revoked is gone at once") { t throws(Refusal) in
      try t.expectGone { t, page throws(Refusal) in try t.cnode.revoke(page.original.word) }
    }
    test("a page whose Segment is detached is gone at once") { t throws(Refusal) in
      try t.expectGone { t, page throws(Refusal) in
        try t.laboratory.protectionDomain.detach(page.segment)
      }
    }
    test("a page whose Segment is deleted is gone at once") { t throws(Refusal) in
      try t.expectGone { t, page throws(Refusal) in try t.cnode.delete(page.segment.word) }
    }
    test("a page below a PageTable that is deleted is gone at once") { t throws(Refusal) in
      try t.expectGone { t, page throws(Refusal) in
        t.holds(page.table != nil)
        try t.cnode.delete(page.table?.word ?? 0)
      }
    }
    test("a page that is made read-only is not written any more") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let segment = try t.attachedSegment()
      let frame = try t.frame()
      try segment.map(frame, at: 0, rights: .readWrite)
      let address = try segment.address()
      _ = try t.startedHelper(0, faultEndpoint: badged, [HelperStep(.countForever, address)])
      t.holds(Memory.read(address) != 0)
      try segment.protect(frame, rights: .read)
      let fault = try t.nextFault(handler)
      t.equal(fault.address, address)
      t.equal(fault.status, Fault.permission)
    }
  }

  private mutating func takingSpacesAway() {
    test("a space with the ASID of one that is gone shows nothing of that one") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let secret = try t.segment()
      try secret.map(try t.frame(), at: 0, rights: .readWrite)
      let address = try secret.address()
      let first = try IsolatedSpace(&t)
      try t.attach(secret, to: first.protectionDomain, rights: .readWrite)
      let reader = try t.helper(0, in: first, [HelperStep(.load, address)])
      try reader.start()
      t.settle()
      t.holds(reader.isDone, "its translation is in the TLB")
      try t.cnode.delete(reader.domain.word)
      try t.cnode.delete(first.protectionDomain.word)
      // The lowest ASID that is free is the one that was just given back.
      let second = try IsolatedSpace(&t)
      try t.helper(1, in: second, faultEndpoint: badged, [HelperStep(.load, address)]).start()
      let fault = try t.nextFault(handler)
      t.equal(fault.address, address)
      t.equal(fault.status, Fault.translation)
    }
    test("a space that is destroyed is no longer walked") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let space = try IsolatedSpace(&t)
      let count = space.record + 0xff8
      try t.helper(0, in: space, faultEndpoint: badged, [HelperStep(.countForever, count)]).start()
      t.settle()
      t.holds(Memory.read(count) != 0)
      try t.cnode.revoke(space.protectionDomain.word)
      try t.cnode.delete(space.protectionDomain.word)
      let fault = try t.nextFault(handler)
      t.holds(fault.kind == .instructionAbort)
      t.equal(fault.status, Fault.translation)
    }
  }
}

/// A page in the root domain's space, whose Frame is a copy of another capability.
private struct SharedPage {
  let segment: SegmentCapability
  let original: FrameCapability
  let frame: FrameCapability
  /// The table right above the segment.
  let table: PageTableCapability?
  let address: UInt64

  init(_ t: inout Trial) throws(Refusal) {
    segment = try t.segment()
    table = try t.attach(segment, to: t.laboratory.protectionDomain)
    original = try t.frame()
    frame = FrameCapability(try t.copy(original.pointer))
    try segment.map(frame, at: 0, rights: .readWrite)
    address = try segment.address()
  }
}

extension Trial {
  /// Lets a helper write a page again and again, takes the page away, and expects the next write to fault.
  fileprivate mutating func expectGone(
    _ takeAway: (inout Trial, SharedPage) throws(Refusal) -> Void
  ) throws(Refusal) {
    let (handler, badged) = try faultEndpoint()
    let page = try SharedPage(&self)
    let helper = try startedHelper(0, faultEndpoint: badged, [HelperStep(.countForever, page.address)])
    holds(Memory.read(page.address) != 0)
    ended(.noPartner, Request(.nonBlockingReceive, on: handler.pointer).perform())
    try takeAway(&self, page)
    let fault = try nextFault(handler)
    holds(fault.kind == .dataAbort)
    equal(fault.address, page.address)
    equal(fault.status, Fault.translation)
    equal(try helper.programCounter(), Instructions.store)
  }

  fileprivate mutating func isolatedFault(_ step: HelperStep) throws(Refusal) -> Fault {
    let (handler, badged) = try faultEndpoint()
    let space = try IsolatedSpace(&self)
    try helper(0, in: space, faultEndpoint: badged, [step]).start()
    return try nextFault(handler)
  }
}
