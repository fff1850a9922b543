internal import KernelObjects
internal import LibVesper

/// Operations that take many slots of the slice vector: what goes on meanwhile, and who gets in their way.
extension SelfTest {
  mutating func longOperationCases() {
    othersGoOn()
    partnersGetInTheWay()
  }

  private mutating func othersGoOn() {
    test("interrupts are served while a retype clears 64 MiB, and it comes to what it should") {
      t throws(Refusal) in
      var pulses = try Pulses(&t)
      let slot = t.slots()
      for _ in 0..<500 where pulses.within < 5 {
        try pulses.count { () throws(Refusal) in try t.hugeCNode(at: slot) }
        let cnode = CapabilityPointer(slot)
        t.refused(.slotEmpty, 1, 0, call(.cnodeDelete, on: cnode, [0]))
        t.refused(.slotEmpty, 1, 0, call(.cnodeDelete, on: cnode, [HugeCNode.slotCount - 1]))
        t.refused(.outOfRange, 1, HugeCNode.slotCount, call(.cnodeDelete, on: cnode, [HugeCNode.slotCount]))
        t.equal(t.freeBytes(t.laboratory.reserves[0]), 1 << (Laboratory.reserveBits - 1))
        try t.takeBackReserve()
      }
      pulses.expectAllServed(&t)
    }
    test("interrupts are served while 500,000 capabilities are revoked, and no other goes") {
      t throws(Refusal) in
      let count: UInt64 = 500_000
      var pulses = try Pulses(&t)
      let cnode = CNodeCapability(CapabilityPointer(t.slots()))
      try t.laboratory.reserves[0].retype(.cnode, sizeBits: 19, into: t.cnode, at: cnode.word)
      let endpoint = try t.endpoint()
      let other = try t.endpoint()
      try cnode.copy(to: count, from: t.slot(other.pointer))
      for _ in 0..<100 where pulses.within < 5 {
        for index in 0..<count {
          // Chains of ten, side by side.
          let source = index % 10 == 0 ? t.slot(endpoint.pointer) : SlotReference(cnode, index - 1)
          try cnode.copy(to: index, from: source)
        }
        try pulses.count { () throws(Refusal) in try t.cnode.revoke(endpoint.word) }
        for index in 0..<count where t.isFilled(index, of: cnode) {
          t.equal(index, .max, "this slot was not emptied")
        }
        t.holds(t.isFilled(count, of: cnode) && t.isFilled(endpoint.pointer))
      }
      try t.takeBackReserve()
      pulses.expectAllServed(&t)
    }
  }

  private mutating func partnersGetInTheWay() {
    test("the memory of what somebody is deleting is revoked by another") { t throws(Refusal) in
      let slot = t.slots()
      try t.hugeCNode(at: slot)
      let helper = try t.interrupted(.cnodeDelete, on: t.cnode.pointer, [slot, 0, 0, 0, 0])
      try t.cnode.revoke(t.laboratory.reserves[0].word)
      t.holds(!t.isFilled(CapabilityPointer(slot)))
      t.settle()
      t.deletedOrEmpty(helper.answer())
      try t.laboratory.reserves[0].reset()
      t.equal(t.freeBytes(t.laboratory.reserves[0]), 1 << Laboratory.reserveBits)
    }
    test("who is deleting something is destroyed, and another finishes it") { t throws(Refusal) in
      let slot = t.slots()
      try t.hugeCNode(at: slot)
      let helper = try t.interrupted(.cnodeDelete, on: t.cnode.pointer, [slot, 0, 0, 0, 0])
      try t.cnode.delete(helper.domain.word)
      // It is a CNode no more, but its memory is not free.
      t.holds(call(.cnodeDelete, on: CapabilityPointer(slot), [0]).status != Status.ok.rawValue)
      t.holds(t.call(resetting: t.laboratory.reserves[0]).status == Status.hasChildren.rawValue)
      try t.cnode.revoke(t.laboratory.reserves[0].word)
      try t.laboratory.reserves[0].reset()
      t.equal(t.freeBytes(t.laboratory.reserves[0]), 1 << Laboratory.reserveBits)
    }
    test("two domains that delete the same CNode come to one end") { t throws(Refusal) in
      let slot = t.slots()
      try t.hugeCNode(at: slot)
      let helper = try t.interrupted(.cnodeDelete, on: t.cnode.pointer, [slot, 0, 0, 0, 0])
      t.deletedOrEmpty(call(.cnodeDelete, on: t.cnode.pointer, [slot]))
      t.holds(!t.isFilled(CapabilityPointer(slot)))
      t.settle()
      t.deletedOrEmpty(helper.answer())
      try t.laboratory.reserves[0].reset()
    }
    test("the Untyped is deleted whose memory is being cleared") { t throws(Refusal) in
      let untyped = CapabilityPointer(t.slots())
      try t.laboratory.reserves[0].retype(
        .untyped, sizeBits: Laboratory.reserveBits - 1, into: t.cnode, at: untyped.rawValue)
      let slot = t.slots()
      let helper = try t.interrupted(.untypedRetype, on: untyped, HugeCNode.words(into: t.cnode, at: slot))
      try t.cnode.delete(untyped.rawValue)
      t.settle()
      t.refused(.invalidCapability, 0, 64, helper.answer())
      t.holds(!t.isFilled(CapabilityPointer(slot)))
      try t.laboratory.reserves[0].reset()
      t.equal(t.freeBytes(t.laboratory.reserves[0]), 1 << Laboratory.reserveBits)
    }
    test("the slot is taken for which memory is being cleared") { t throws(Refusal) in
      let slot = t.slots()
      let reserve = t.laboratory.reserves[0]
      let words = HugeCNode.words(into: t.cnode, at: slot)
      let helper = try t.interrupted(.untypedRetype, on: reserve.pointer, words)
      try t.cnode.copy(to: slot, from: t.slot(t.laboratory.debug.pointer))
      t.settle()
      t.refused(.slotOccupied, 5, 0, helper.answer())
      // Nothing was made of what is clear already.
      t.equal(t.freeBytes(reserve), 1 << Laboratory.reserveBits)
      try reserve.reset()
    }
  }
}

/// A CNode of 64 MiB, that takes many slots of the slice vector to clear and as many to delete.
private enum HugeCNode {
  static let radix = Laboratory.reserveBits - 1 - 5
  static let slotCount: UInt64 = 1 << radix

  /// The arguments of the retype that makes it.
  static func words(into cnode: CNodeCapability, at slot: UInt64) -> InlineArray<5, UInt64> {
    [UInt64(CapabilityType.cnode.rawValue), radix, 1, cnode.word, slot]
  }
}

extension Trial {
  fileprivate func hugeCNode(at slot: UInt64) throws(Refusal) {
    try laboratory.reserves[0].retype(.cnode, sizeBits: HugeCNode.radix, into: cnode, at: slot)
  }

  /// Of two that do the same work, either may do the last of it; the other finds the slot empty.
  fileprivate mutating func deletedOrEmpty(
    _ answer: Answer, file: StaticString = #fileID, line: UInt = #line
  ) {
    if answer.status != Status.ok.rawValue { refused(.slotEmpty, 1, 0, answer, file: file, line: line) }
  }

  fileprivate func takeBackReserve() throws(Refusal) {
    try cnode.revoke(laboratory.reserves[0].word)
    try laboratory.reserves[0].reset()
  }

  fileprivate func call(resetting untyped: UntypedCapability) -> Answer {
    Request(.call, on: untyped.pointer, Message(label: Invocation.untypedReset.rawValue)).perform()
  }

  /// A helper in the middle of a long invocation.
  fileprivate mutating func interrupted(
    _ invocation: Invocation, on target: CapabilityPointer, _ words: InlineArray<5, UInt64>
  ) throws(Refusal) -> Helper {
    let request = Request(.call, on: target, Message(label: invocation.rawValue, words: words))
    let helper = try helper(0, [HelperStep(request)])
    try helper.start()
    Processor.yield()
    equal(helper.finished, 0, "it was over too soon for this case")
    return helper
  }
}

/// A domain that raises an interrupt each time its slot of the vector comes, and one that serves it.
private struct Pulses {
  private let line: InputLine
  private let counters: UInt64

  init(_ t: inout Trial) throws(Refusal) {
    line = try InputLine(&t, .edge, badge: 2)
    let segment = try t.attachedSegment()
    try segment.map(try t.frame(), at: 0, rights: .readWrite)
    counters = try segment.address()
    var serve = HelperStep(.serveInterrupts, counters + 8)
    serve.request.words[1] = line.notification.word
    serve.request.words[2] = line.handler.word
    _ = try t.startedHelper(2, [serve])
    _ = try t.startedHelper(3, [HelperStep(.raiseForever, counters, line.registers)])
  }

  private var raised: UInt64 { Memory.read(counters) }
  private var served: UInt64 { Memory.read(counters + 8) }
  /// Interrupts that were served in the middle of operations.
  private(set) var within: UInt64 = 0

  mutating func count(_ operation: () throws(Refusal) -> Void) throws(Refusal) {
    let before = served
    try operation()
    let count = served - before
    // One could have waited for the operation's end.
    within += max(count, 1) - 1
  }

  /// Some were served, and none was lost.
  func expectAllServed(_ t: inout Trial) {
    t.holds(within >= 5, "nobody else ran")
    line.lower()
    t.equal(served, raised, "interrupts were lost")
  }
}
