internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func cnodeSpaceCases() {
    rotating()
    rotateRefusals()
    cancellingSends()
    savingReplies()
    addressing()
    addressingRefusals()
  }

  private mutating func rotating() {
    test("rotate moves pivot to destination and source to pivot") { t throws(Refusal) in
      let endpoint = try t.make(.endpoint)
      let notification = try t.make(.notification)
      let slot = t.slots()
      try t.cnode.rotate(destination: slot, pivot: endpoint.rawValue, source: notification.rawValue)
      t.holds(t.type(of: CapabilityPointer(slot)) == .endpoint)
      t.holds(t.type(of: endpoint) == .notification)
      t.holds(!t.isFilled(notification))
    }
    test("rotate exchanges two capabilities, with what is derived from them") { t throws(Refusal) in
      let endpoint = try t.make(.endpoint)
      let child = try t.copy(endpoint)
      let notification = try t.make(.notification)
      try t.cnode.rotate(
        destination: notification.rawValue, pivot: endpoint.rawValue, source: notification.rawValue)
      t.holds(t.type(of: endpoint) == .notification && t.type(of: notification) == .endpoint)
      try t.cnode.revoke(notification.rawValue)
      t.holds(!t.isFilled(child) && t.isFilled(endpoint))
    }
    test("rotate exchanges a capability and its child") { t throws(Refusal) in
      let endpoint = try t.make(.endpoint)
      let child = try t.badged(endpoint, 6)
      try t.cnode.rotate(destination: child.rawValue, pivot: endpoint.rawValue, source: child.rawValue)
      try t.cnode.revoke(child.rawValue)
      t.holds(!t.isFilled(endpoint) && t.isFilled(child))
    }
  }

  private mutating func rotateRefusals() {
    test("rotate refuses a destination that is taken by a third") { t throws(Refusal) in
      let first = try t.make(.endpoint, count: 3).rawValue
      t.refused(.slotOccupied, 1, 0, rotateCall(t, first, first + 1, first + 2))
    }
    test("rotate refuses an empty pivot or source") { t throws(Refusal) in
      let endpoint = try t.make(.endpoint).rawValue
      let slot = t.slots(2)
      t.refused(.slotEmpty, 2, 0, rotateCall(t, slot, slot + 1, endpoint))
      t.refused(.slotEmpty, 3, 0, rotateCall(t, slot, endpoint, slot + 1))
    }
    test("rotate refuses a pivot that is also source or destination") { t throws(Refusal) in
      let first = try t.make(.endpoint, count: 2).rawValue
      t.refused(.invalidArgument, 2, 0, rotateCall(t, t.slots(), first, first))
      t.refused(.invalidArgument, 2, 0, rotateCall(t, first, first, first + 1))
    }
    test("rotate refuses slots beyond the CNode") { t throws(Refusal) in
      let endpoint = try t.make(.endpoint).rawValue
      t.refused(.outOfRange, 1, 4096, rotateCall(t, 4096, endpoint, endpoint))
      t.refused(.outOfRange, 2, 4096, rotateCall(t, t.slots(), 4096, endpoint))
      t.refused(.outOfRange, 3, 4096, rotateCall(t, t.slots(), endpoint, 4096))
    }
  }

  private mutating func cancellingSends() {
    test("cancelBadgedSends ends the sends of its badge and no others") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let one = try t.badged(endpoint.pointer, 1)
      let two = try t.badged(endpoint.pointer, 2)
      let first = try t.startedHelper(0, [HelperStep(Request(.send, on: one))])
      let second = try t.startedHelper(1, [HelperStep(Request(.send, on: two))])
      let third = try t.startedHelper(2, [HelperStep(Request(.call, on: one))])
      try t.cnode.cancelBadgedSends(one.rawValue)
      t.equal(try endpoint.nonBlockingReceive().badge, 2)
      t.ended(.noPartner, Request(.nonBlockingReceive, on: endpoint.pointer).perform())
      t.settle()
      t.ended(.cancelled, first.answer())
      t.ended(.ok, second.answer())
      t.ended(.cancelled, third.answer())
    }
    test("cancelBadgedSends leaves the Endpoint usable") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let badged = try t.badged(endpoint.pointer, 1)
      try t.cnode.cancelBadgedSends(badged.rawValue)
      _ = try t.startedHelper(0, [HelperStep(Request(.send, on: badged, Message(label: 4)))])
      t.equal(try endpoint.nonBlockingReceive().message.label, 4)
    }
    test("cancelBadgedSends refuses what is not an Endpoint") { t throws(Refusal) in
      let notification = try t.notification()
      t.refused(
        .wrongType, 1, 9, call(.cnodeCancelBadgedSends, on: t.cnode.pointer, [notification.word]))
      t.refused(.slotEmpty, 1, 0, call(.cnodeCancelBadgedSends, on: t.cnode.pointer, [t.slots()]))
      t.refused(.outOfRange, 1, 4096, call(.cnodeCancelBadgedSends, on: t.cnode.pointer, [4096]))
    }
    test("cancelBadgedSends refuses a capability without all rights") { t throws(Refusal) in
      let badged = try t.badged(try t.make(.endpoint), 1, rights: .call)
      t.refused(
        .missingRight, 1, 1, call(.cnodeCancelBadgedSends, on: t.cnode.pointer, [badged.rawValue]))
    }
  }

  private mutating func savingReplies() {
    test("saveReply keeps the right to answer for later") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let first = try t.startedHelper(0, [HelperStep(Request(.call, on: endpoint.pointer))])
      _ = try endpoint.receive()
      let slot = t.slots()
      try t.cnode.saveReply(to: slot)
      let second = try t.startedHelper(1, [HelperStep(Request(.call, on: endpoint.pointer))])
      _ = try endpoint.receive()
      try ReplyCapability.reply(Message(label: 2))
      try ReplyCapability(CapabilityPointer(slot)).send(Message(label: 1))
      t.holds(!t.isFilled(CapabilityPointer(slot)), "the right is used up")
      t.settle()
      t.equal(first.answer().info.label, 1)
      t.equal(second.answer().info.label, 2)
    }
    test("saveReply is refused if nobody waits for an answer") { t throws(Refusal) in
      t.refused(.noPartner, 0, 0, call(.cnodeSaveReply, on: t.cnode.pointer, [t.slots()]))
    }
    test("saveReply refuses a slot that is taken, and one beyond the CNode") { t throws(Refusal) in
      t.refused(.slotOccupied, 1, 0, call(.cnodeSaveReply, on: t.cnode.pointer, [t.cnode.word]))
      t.refused(.outOfRange, 1, 4096, call(.cnodeSaveReply, on: t.cnode.pointer, [4096]))
    }
    test("a saved reply is not copied") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      _ = try t.startedHelper(0, [HelperStep(Request(.call, on: endpoint.pointer))])
      _ = try endpoint.receive()
      let slot = t.slots(2)
      try t.cnode.saveReply(to: slot)
      t.refused(
        .wrongType, 3, 10, call(.cnodeCopy, on: t.cnode.pointer, [slot + 1, t.cnode.word, slot, 7]))
      try t.cnode.move(to: slot + 1, from: SlotReference(t.cnode, slot))
      try ReplyCapability(CapabilityPointer(slot + 1)).send(Message(label: 0))
    }
  }

  private mutating func addressing() {
    test("a capability pointer is resolved through guards and two CNodes") { t throws(Refusal) in
      let space = try DeepSpace(&t)
      let helper = try space.helper(&t, [HelperStep(Request(.send, on: CapabilityPointer(0x3_ab_05)))])
      try helper.start()
      t.settle()
      t.ended(.ok, helper.answer())
      t.equal(try space.notification.poll(), 0x77)
    }
    test("a capability pointer names a CNode, and an index the slot in it") { t throws(Refusal) in
      let space = try DeepSpace(&t)
      let copy = Message(label: Invocation.cnodeCopy.rawValue, words: [6, 0x3_ab_02, 5, 7])
      let helper = try space.helper(&t, [HelperStep(Request(.call, on: CapabilityPointer(0x3_ab_02), copy))])
      try helper.start()
      t.settle()
      t.ended(.ok, helper.answer())
      t.holds(t.isFilled(6, of: space.inner))
    }
  }

  private mutating func addressingRefusals() {
    test("a capability pointer whose first bits are not the guard is refused") { t throws(Refusal) in
      t.refused(.invalidCapability, 0, 0, Request(.call, on: CapabilityPointer(1 << 63)).perform())
      t.refused(.invalidCapability, 0, 0, Request(.call, on: CapabilityPointer(1 << 12)).perform())
    }
    test("a capability pointer to an empty slot is refused") { t throws(Refusal) in
      let slot = CapabilityPointer(t.slots())
      t.refused(.invalidCapability, 0, 64, Request(.call, on: slot).perform())
      t.refused(.invalidCapability, 0, 64, Request(.send, on: slot).perform())
      t.refused(.invalidCapability, 0, 64, Request(.receive, on: slot).perform())
      t.refused(.invalidCapability, 0, 64, Request(.replyReceive, on: slot).perform())
    }
    test("a refusal tells how many bits of a capability pointer were resolved") { t throws(Refusal) in
      let space = try DeepSpace(&t)
      let helper = try space.helper(
        &t,
        [
          HelperStep(Request(.call, on: CapabilityPointer(0x3_ac_05))),
          HelperStep(Request(.call, on: CapabilityPointer(0x4_ab_05))),
          HelperStep(Request(.call, on: CapabilityPointer(0x1_3_ab_05))),
          HelperStep(Request(.call, on: CapabilityPointer(0x1_00_00))),
          HelperStep(Request(.call, on: CapabilityPointer(0x3_ab_0f))),
        ])
      try helper.start()
      t.settle()
      t.refused(.invalidCapability, 0, 48, helper.answer(0))
      t.refused(.invalidCapability, 0, 48, helper.answer(1))
      t.refused(.invalidCapability, 0, 0, helper.answer(2))
      t.refused(.invalidCapability, 0, 48, helper.answer(3))
      t.refused(.invalidCapability, 0, 64, helper.answer(4))
    }
  }
}

private func rotateCall(_ trial: Trial, _ destination: UInt64, _ pivot: UInt64, _ source: UInt64) -> Answer {
  call(.cnodeRotate, on: trial.cnode.pointer, [destination, pivot, source])
}

/// A capability space of two levels: 44 bits of guard and 4 of index, and in slot 3 a CNode with 8 bits of guard,
/// 0xab, and 8 of index. Slot 1 holds a Notification, which leads nowhere.
private struct DeepSpace {
  let root: CNodeCapability
  let inner: CNodeCapability
  let notification: NotificationCapability

  init(_ t: inout Trial) throws(Refusal) {
    let outerPlain = try t.make(.cnode, sizeBits: 4)
    let innerPlain = try t.make(.cnode, sizeBits: 8)
    notification = try t.notification()
    let slot = t.slots()
    try t.cnode.mint(to: slot, from: t.slot(outerPlain), guardValue: 0, guardSize: 44)
    root = CNodeCapability(CapabilityPointer(slot))
    inner = CNodeCapability(innerPlain)
    try root.mint(to: 3, from: t.slot(innerPlain), guardValue: 0xab, guardSize: 8)
    try root.copy(to: 1, from: t.slot(notification.pointer))
    try inner.mint(to: 5, from: t.slot(notification.pointer), badge: 0x77)
    try inner.mint(to: 2, from: t.slot(innerPlain), guardValue: 0, guardSize: 0)
  }

  func helper<let count: Int>(_ t: inout Trial, _ steps: InlineArray<count, HelperStep>) throws(Refusal)
    -> Helper
  {
    let helper = try t.helper(0, steps)
    try helper.domain.configure(
      cnode: root, protectionDomain: t.laboratory.protectionDomain, faultEndpoint: nil)
    try inner.copy(to: 4, from: t.slot(helper.domain.pointer))
    helper.prepare(steps, domain: 0x3_ab_04)
    return helper
  }
}
