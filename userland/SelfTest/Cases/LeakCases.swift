internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func leakCases() {
    revokingTrees()
    revokingWhatIsInUse()
  }

  private mutating func revokingTrees() {
    test("a domain tree is built and revoked 10,000 times, and nothing is missing") { t throws(Refusal) in
      let untyped = try t.untyped(18)
      let left = t.freeBytes(t.arena)
      for round in 0..<UInt64(10_000) {
        try t.within(untyped) { t throws(Refusal) in
          let tree = try DomainTree(&t, round: round)
          Processor.yield()
          try tree.giveUp(t)
        }
        try t.cnode.revoke(untyped.word)
        try untyped.reset()
        t.equal(t.freeBytes(untyped), 1 << 18)
        t.equal(t.freeBytes(t.arena), left)
      }
      t.refused(
        .outOfRange, 1, Laboratory.spareSlices,
        call(.timeSliceSplit, on: t.laboratory.spareTime.pointer, [.max, t.cnode.word, t.slots()]))
    }
    test("a domain that is revoked while it runs is gone with all that it has") { t throws(Refusal) in
      let untyped = try t.untyped(18)
      let endpoint = try t.endpoint()
      try t.within(untyped) { t throws(Refusal) in
        let space = try IsolatedSpace(&t)
        let steps = [HelperStep(.countForever, space.record + 0xff0)] as InlineArray<1, HelperStep>
        let helper = try t.helper(0, in: space, steps)
        try helper.start()
        t.settle()
        t.holds(Memory.read(space.record + 0xff0) != 0)
        try t.cnode.delete(space.program.word)
        try t.cnode.revoke(untyped.word)
        t.holds(!t.isFilled(helper.domain.pointer) && !t.isFilled(space.segment.pointer))
        t.holds(!t.isFilled(space.protectionDomain.pointer))
      }
      try untyped.reset()
      t.equal(t.freeBytes(untyped), 1 << 18)
      t.holds(t.isFilled(endpoint.pointer))
    }
  }

  private mutating func revokingWhatIsInUse() {
    test("senders are told when the Untyped of their Endpoint is revoked") { t throws(Refusal) in
      let untyped = try t.untyped(12)
      let slot = t.slots()
      try untyped.retype(.endpoint, into: t.cnode, at: slot)
      let helper = try t.startedHelper(0, [HelperStep(Request(.send, on: CapabilityPointer(slot)))])
      try t.cnode.revoke(untyped.word)
      t.settle()
      t.ended(.cancelled, helper.answer())
    }
    test("a domain whose CNode is revoked names nothing any more") { t throws(Refusal) in
      let helper = try t.helper(
        0, [HelperStep(Request(.yield))])
      let space = try t.wholeCNode(radix: 4)
      try space.copy(to: 1, from: t.slot(t.laboratory.debug.pointer))
      try helper.domain.configure(
        cnode: space, protectionDomain: t.laboratory.protectionDomain, faultEndpoint: nil)
      helper.prepare([HelperStep(Request(.call, on: CapabilityPointer(1)))], domain: 2)
      try t.cnode.revoke(space.word)
      try t.cnode.delete(space.word)
      t.refused(.notConfigured, 0, 0, call(.domainStart, on: helper.domain.pointer, [0, 0]))
      t.refused(.notConfigured, 0, 0, call(.domainResume, on: helper.domain.pointer))
    }
    test("a capability space that goes under a running domain leaves it with nothing") { t throws(Refusal) in
      let space = try t.wholeCNode(radix: 4)
      let notification = try t.notification()
      try space.copy(to: 1, from: t.slot(notification.pointer))
      let steps =
        [
          HelperStep(Request(.receive, on: CapabilityPointer(1))),
          HelperStep(Request(.receive, on: CapabilityPointer(1))),
        ] as InlineArray<2, HelperStep>
      let helper = try t.helper(0, steps)
      try helper.domain.configure(
        cnode: space, protectionDomain: t.laboratory.protectionDomain, faultEndpoint: nil)
      helper.prepare(steps, domain: 2)
      try helper.start()
      t.settle()
      try t.cnode.revoke(space.word)
      try NotificationCapability(try t.badged(notification.pointer, 1)).signal()
      t.settle()
      t.ended(.ok, helper.answer(0))
      t.refused(.invalidCapability, 0, 0, helper.answer(1))
    }
  }
}

/// A domain with everything that hangs on it: a space, time, an interrupt, a sender that waits, an Untyped with a
/// domain of its own, and six ProtectionDomains more, so that the ASIDs of 10,000 trees are more than there are.
private struct DomainTree {
  private let cnode: CNodeCapability
  private let space: IsolatedSpace
  private let time: UInt64
  private let irq: UInt64

  init(_ t: inout Trial, round: UInt64) throws(Refusal) {
    space = try IsolatedSpace(&t)
    cnode = try t.wholeCNode(radix: 4)
    for _ in 0..<6 { _ = try t.protectionDomain() }
    let endpoint = try t.endpoint()
    let notification = try t.notification()
    try cnode.mint(to: 1, from: t.slot(endpoint.pointer), badge: round)
    let helper = try t.helper(
      0, in: space, cnode: cnode, name: 2, [HelperStep(Request(.send, on: CapabilityPointer(1)))])
    try cnode.copy(to: 2, from: t.slot(helper.domain.pointer))
    try cnode.copy(to: 3, from: t.slot(cnode.pointer))
    try helper.domain.bind(notification)

    let inner = try t.untyped(13)
    let innerCNode = CNodeCapability(CapabilityPointer(t.slots()))
    try inner.retype(.cnode, sizeBits: 2, into: t.cnode, at: innerCNode.word)
    try inner.retype(.domain, into: innerCNode, at: 0)
    try innerCNode.move(to: 1, from: t.slot(inner.pointer))
    try cnode.move(to: 4, from: t.slot(innerCNode.pointer))

    time = t.slots()
    try t.laboratory.spareTime.split(
      keeping: Laboratory.spareSlices - 3, restTo: SlotReference(t.cnode, time))
    try TimeSliceCapability(CapabilityPointer(time)).bind(to: helper.domain)
    irq = t.slots()
    try t.laboratory.irqControl.get(100, .edge, into: SlotReference(t.cnode, irq))
    try IRQHandlerCapability(CapabilityPointer(irq)).bind(notification)
    try helper.start()
  }

  /// Puts what is derived from elsewhere where it ends with the tree.
  func giveUp(_ t: Trial) throws(Refusal) {
    try cnode.move(to: 8, from: SlotReference(t.cnode, time))
    try cnode.move(to: 9, from: SlotReference(t.cnode, irq))
    try cnode.move(to: 10, from: t.slot(space.program.pointer))
  }
}
