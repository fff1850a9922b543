internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func cnodeCases() {
    copying()
    copyRefusals()
    minting()
    mintRefusals()
    moving()
    moveRefusals()
  }

  private mutating func copying() {
    test("copy makes a second capability to the object") { t throws(Refusal) in
      let notification = try t.badged(try t.make(.notification), 5)
      let copy = try t.copy(notification)
      try NotificationCapability(copy).signal()
      t.equal(try NotificationCapability(notification).wait(), 5)
    }
    test("copy leaves out rights") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let receiver = try t.copy(endpoint.pointer, rights: .read)
      t.refused(.missingRight, 0, 2, Request(.nonBlockingSend, on: receiver).perform())
      let sender = try t.copy(endpoint.pointer, rights: .write)
      t.refused(.missingRight, 0, 1, Request(.nonBlockingReceive, on: sender).perform())
    }
    test("copy adds no rights") { t throws(Refusal) in
      let receiver = try t.copy(try t.make(.endpoint), rights: .read)
      let again = try t.copy(receiver, rights: .all)
      t.refused(.missingRight, 0, 2, Request(.nonBlockingSend, on: again).perform())
      let nothing = try t.copy(try t.copy(receiver, rights: .write))
      t.refused(.missingRight, 0, 2, Request(.nonBlockingSend, on: nothing).perform())
      t.refused(.missingRight, 0, 1, Request(.nonBlockingReceive, on: nothing).perform())
    }
    test("copy of a mapped Frame is not mapped") { t throws(Refusal) in
      let segment = try t.segment()
      let frame = try t.frame()
      try segment.map(frame, at: 0, rights: .read)
      let copy = FrameCapability(try t.copy(frame.pointer))
      t.refused(.notMapped, 1, 0, call(.segmentUnmap, on: segment.pointer, [copy.word]))
      try segment.map(copy, at: 1, rights: .read)
      t.equal(try copy.physicalAddress(), try frame.physicalAddress())
    }
  }

  private mutating func copyRefusals() {
    test("copy refuses a destination beyond the CNode") { t throws(Refusal) in
      t.refused(.outOfRange, 1, 4096, copyCall(t, 4096, t.cnode.word, t.cnode.word, 7))
      t.refused(.outOfRange, 1, 4096, copyCall(t, .max, t.cnode.word, t.cnode.word, 7))
    }
    test("copy refuses a destination that is taken") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      t.refused(.slotOccupied, 1, 0, copyCall(t, endpoint.word, t.cnode.word, t.cnode.word, 7))
    }
    test("copy refuses a source that is not in a CNode") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let slot = t.slots()
      t.refused(.wrongType, 2, 8, copyCall(t, slot, endpoint.word, endpoint.word, 7))
      t.refused(.invalidCapability, 2, 64, copyCall(t, slot, slot, endpoint.word, 7))
    }
    test("copy refuses a source beyond the CNode") { t throws(Refusal) in
      t.refused(.outOfRange, 3, 4096, copyCall(t, t.slots(), t.cnode.word, 4096, 7))
    }
    test("copy refuses an empty source") { t throws(Refusal) in
      let slot = t.slots(2)
      t.refused(.slotEmpty, 3, 0, copyCall(t, slot, t.cnode.word, slot + 1, 7))
    }
    test("copy refuses rights that do not exist") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      t.refused(.outOfRange, 4, 8, copyCall(t, t.slots(), t.cnode.word, endpoint.word, 8))
      t.refused(.outOfRange, 4, 8, copyCall(t, t.slots(), t.cnode.word, endpoint.word, .max))
    }
    test("copy refuses what is divided and not shared") { t throws(Refusal) in
      let slot = t.slots()
      t.refused(.wrongType, 3, 1, copyCall(t, slot, t.cnode.word, t.arena.word, 7))
      t.refused(.wrongType, 3, 11, copyCall(t, slot, t.cnode.word, t.laboratory.spareTime.word, 7))
      t.refused(.wrongType, 3, 5, copyCall(t, slot, t.cnode.word, try t.make(.pageTable).rawValue, 7))
    }
  }

  private mutating func minting() {
    test("mint gives a Notification a badge") { t throws(Refusal) in
      let notification = try t.notification()
      try NotificationCapability(try t.badged(notification.pointer, 0x8000_0000_0000_0001)).signal()
      t.equal(try notification.poll(), 0x8000_0000_0000_0001)
    }
    test("mint gives an Endpoint a badge") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let badged = try t.badged(endpoint.pointer, .max)
      _ = try t.startedHelper(0, [HelperStep(Request(.send, on: badged))])
      t.equal(try endpoint.receive().badge, .max)
    }
    test("mint leaves out rights") { t throws(Refusal) in
      let badged = try t.badged(try t.make(.endpoint), 3, rights: .read)
      t.refused(.missingRight, 0, 2, Request(.nonBlockingSend, on: badged).perform())
    }
    test("mint gives a CNode a guard") { t throws(Refusal) in
      let plain = try t.make(.cnode, sizeBits: 4)
      let slot = t.slots()
      try t.cnode.mint(to: slot, from: t.slot(plain), guardValue: 0xabc, guardSize: 12)
      let guarded = CNodeCapability(CapabilityPointer(slot))
      try guarded.copy(to: 3, from: t.slot(t.laboratory.debug.pointer))
      t.holds(t.isFilled(3, of: CNodeCapability(plain)))
    }
  }

  private mutating func mintRefusals() {
    test("mint refuses a second badge") { t throws(Refusal) in
      let badged = try t.badged(try t.make(.endpoint), 9)
      t.refused(.invalidArgument, 3, 9, mintCall(t, badged, 10, 0))
      let signaller = try t.badged(try t.make(.notification), 4)
      t.refused(.invalidArgument, 3, 4, mintCall(t, signaller, 0, 0))
    }
    test("mint refuses what has neither badge nor guard") { t throws(Refusal) in
      t.refused(.wrongType, 3, 7, mintCall(t, try t.make(.frame), 1, 0))
      t.refused(.wrongType, 3, 3, mintCall(t, try t.make(.domain), 1, 0))
    }
    test("mint refuses a guard that is too long") { t throws(Refusal) in
      let cnode = try t.make(.cnode, sizeBits: 4)
      t.refused(.outOfRange, 6, 61, mintCall(t, cnode, 0, 61))
      t.refused(.outOfRange, 6, 61, mintCall(t, cnode, 0, .max))
    }
    test("mint refuses a guard value that is longer than the guard") { t throws(Refusal) in
      let cnode = try t.make(.cnode, sizeBits: 4)
      t.refused(.outOfRange, 5, 16, mintCall(t, cnode, 16, 4))
      t.refused(.outOfRange, 5, 1, mintCall(t, cnode, 1, 0))
    }
    test("mint refuses the slots and rights that copy refuses") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let slot = t.slots()
      let cnode = t.cnode.word
      t.refused(.slotOccupied, 1, 0, mintCall(t, [endpoint.word, cnode, endpoint.word, 7, 1]))
      t.refused(.wrongType, 2, 8, mintCall(t, [slot, endpoint.word, endpoint.word, 7, 1]))
      t.refused(.slotEmpty, 3, 0, mintCall(t, [slot, cnode, slot, 7, 1]))
      t.refused(.outOfRange, 4, 8, mintCall(t, [slot, cnode, endpoint.word, 8, 1]))
    }
  }

  private mutating func moving() {
    test("move takes the capability along and leaves the slot empty") { t throws(Refusal) in
      let endpoint = try t.make(.endpoint)
      let slot = t.slots()
      try t.cnode.move(to: slot, from: t.slot(endpoint))
      t.holds(!t.isFilled(endpoint))
      t.holds(t.type(of: CapabilityPointer(slot)) == .endpoint)
    }
    test("move keeps what was derived") { t throws(Refusal) in
      let endpoint = try t.make(.endpoint)
      let child = try t.copy(endpoint)
      let slot = t.slots()
      try t.cnode.move(to: slot, from: t.slot(endpoint))
      try t.cnode.revoke(slot)
      t.holds(!t.isFilled(child))
    }
    test("move keeps a Frame mapped") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      let frame = try t.frame()
      try segment.map(frame, at: 0, rights: .readWrite)
      let slot = t.slots()
      try t.cnode.move(to: slot, from: t.slot(frame.pointer))
      Memory.write(7, at: try segment.address())
      try segment.unmap(FrameCapability(CapabilityPointer(slot)))
    }
    test("move keeps the memory that an Untyped has handed out") { t throws(Refusal) in
      let untyped = try t.untyped(13)
      try untyped.retype(.frame, into: t.cnode, at: t.slots())
      let slot = t.slots()
      try t.cnode.move(to: slot, from: t.slot(untyped.pointer))
      let moved = UntypedCapability(CapabilityPointer(slot))
      t.equal(t.freeBytes(moved), 4096)
      t.refused(.hasChildren, 0, 0, call(.untypedReset, on: moved.pointer))
    }
  }

  private mutating func moveRefusals() {
    test("move refuses a destination that is taken") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      t.refused(
        .slotOccupied, 1, 0,
        call(.cnodeMove, on: t.cnode.pointer, [endpoint.word, t.cnode.word, endpoint.word]))
    }
    test("move refuses an empty source") { t throws(Refusal) in
      let slot = t.slots(2)
      t.refused(.slotEmpty, 3, 0, call(.cnodeMove, on: t.cnode.pointer, [slot, t.cnode.word, slot + 1]))
    }
    test("move refuses slots beyond the CNodes") { t throws(Refusal) in
      let slot = t.slots()
      t.refused(.outOfRange, 1, 4096, call(.cnodeMove, on: t.cnode.pointer, [4096, t.cnode.word, 1]))
      t.refused(.outOfRange, 3, 4096, call(.cnodeMove, on: t.cnode.pointer, [slot, t.cnode.word, 4096]))
      t.refused(.wrongType, 2, 14, call(.cnodeMove, on: t.cnode.pointer, [slot, t.laboratory.debug.word, 1]))
    }
  }
}

private func copyCall(
  _ trial: Trial, _ destination: UInt64, _ cnode: UInt64, _ source: UInt64, _ rights: UInt64
) -> Answer {
  call(.cnodeCopy, on: trial.cnode.pointer, [destination, cnode, source, rights])
}

private func mintCall(_ trial: Trial, _ words: InlineArray<5, UInt64>) -> Answer {
  call(.cnodeMint, on: trial.cnode.pointer, words)
}

/// Mints from `source` with all rights into a slot that is empty, so that only word 4 or 5 can be wrong.
private func mintCall(_ trial: Trial, _ source: CapabilityPointer, _ word4: UInt64, _ word5: UInt64) -> Answer
{
  let empty = trial.laboratory.firstScratchSlot + Laboratory.scratchCount - 1
  return call(
    .cnodeMint, on: trial.cnode.pointer, [empty, trial.cnode.word, source.rawValue, 7, word4, word5])
}
