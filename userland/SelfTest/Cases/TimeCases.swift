internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func timeCases() {
    splitting()
    splitRefusals()
    bindingTime()
  }

  private mutating func splitting() {
    test("split gives away the end of a range") { t throws(Refusal) in
      let part = try t.time(keeping: 10)
      let rest = try t.time(of: part, keeping: 4)
      t.refused(.outOfRange, 1, 4, splitCall(t, part, 4))
      t.refused(.outOfRange, 1, Laboratory.spareSlices - 10 - 4, splitCall(t, rest, 99))
    }
    test("split keeps nothing if asked") { t throws(Refusal) in
      let part = try t.time(keeping: 10)
      _ = try t.time(of: part, keeping: 0)
      t.refused(.outOfRange, 1, 0, splitCall(t, part, 0))
    }
    test("a part that is deleted comes back") { t throws(Refusal) in
      let part = try t.time(keeping: 10)
      let rest = try t.time(of: part, keeping: 4)
      t.refused(.outOfRange, 1, 4, splitCall(t, part, 4))
      try t.cnode.delete(rest.word)
      let count = Laboratory.spareSlices - 10
      t.refused(.outOfRange, 1, count, splitCall(t, part, count))
    }
    test("revoke takes all parts of a range back") { t throws(Refusal) in
      let part = try t.time(keeping: 10)
      let second = try t.time(of: part, keeping: 8)
      let third = try t.time(of: second, keeping: 2)
      try t.cnode.revoke(part.word)
      t.holds(!t.isFilled(second.pointer) && !t.isFilled(third.pointer))
      let count = Laboratory.spareSlices - 10
      t.refused(.outOfRange, 1, count, splitCall(t, part, count))
    }
  }

  private mutating func splitRefusals() {
    test("split refuses to keep all or more") { t throws(Refusal) in
      let spare = t.laboratory.spareTime
      t.refused(.outOfRange, 1, Laboratory.spareSlices, splitCall(t, spare, Laboratory.spareSlices))
      t.refused(.outOfRange, 1, Laboratory.spareSlices, splitCall(t, spare, .max))
    }
    test("split refuses a slot that is taken, or in no CNode") { t throws(Refusal) in
      let spare = t.laboratory.spareTime.pointer
      let endpoint = try t.endpoint()
      t.refused(.slotOccupied, 3, 0, call(.timeSliceSplit, on: spare, [1, t.cnode.word, endpoint.word]))
      t.refused(.outOfRange, 3, 4096, call(.timeSliceSplit, on: spare, [1, t.cnode.word, 4096]))
      t.refused(.wrongType, 2, 8, call(.timeSliceSplit, on: spare, [1, endpoint.word, t.slots()]))
    }
    test("bind refuses what is not a Domain") { t throws(Refusal) in
      let spare = t.laboratory.spareTime.pointer
      t.refused(.wrongType, 1, 2, call(.timeSliceBind, on: spare, [t.cnode.word]))
      t.refused(.invalidCapability, 1, 64, call(.timeSliceBind, on: spare, [t.slots()]))
    }
  }

  private mutating func bindingTime() {
    test("a domain runs in the slots that are bound to it, until they are unbound") { t throws(Refusal) in
      let helper = try t.helper(0, [HelperStep(Request(.yield))])
      try helper.start()
      try helper.time.unbind()
      let time = try t.time(keeping: Laboratory.spareSlices - 1)
      t.settle()
      t.equal(helper.finished, 0)
      try time.bind(to: helper.domain)
      t.settle()
      t.holds(helper.isDone)
    }
    test("a slot that is deleted runs its domain no more") { t throws(Refusal) in
      let time = try t.time(keeping: Laboratory.spareSlices - 1)
      let helper = try t.helper(0, [HelperStep(Request(.yield))])
      try helper.start()
      try helper.time.unbind()
      try time.bind(to: helper.domain)
      try t.cnode.delete(time.word)
      t.settle()
      t.equal(helper.finished, 0)
    }
    test("a split takes its slots from the domain that had them") { t throws(Refusal) in
      let time = try t.time(keeping: Laboratory.spareSlices - 2)
      let helper = try t.helper(0, [HelperStep(Request(.yield))])
      try helper.start()
      try helper.time.unbind()
      try time.bind(to: helper.domain)
      let rest = try t.time(of: time, keeping: 0)
      t.settle()
      t.equal(helper.finished, 0)
      try rest.bind(to: helper.domain)
      t.settle()
      t.holds(helper.isDone)
    }
    test("a domain that never waits leaves others their time") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      try segment.map(try t.frame(), at: 0, rights: .readWrite)
      try segment.map(try t.frame(), at: 1, rights: .readWrite)
      let page = try segment.address()
      _ = try t.startedHelper(0, [HelperStep(.countForever, page)])
      _ = try t.startedHelper(1, [HelperStep(.countForever, page + 4096)])
      t.settle()
      let first = Memory.read(page)
      let second = Memory.read(page + 4096)
      t.settle()
      t.holds(Memory.read(page) > first && Memory.read(page + 4096) > second)
    }
  }
}

extension Trial {
  /// The end of `time`, or of what no helper has, for this case alone.
  fileprivate mutating func time(of time: TimeSliceCapability? = nil, keeping kept: UInt64) throws(Refusal)
    -> TimeSliceCapability
  {
    let slot = slots()
    try (time ?? laboratory.spareTime).split(keeping: kept, restTo: SlotReference(cnode, slot))
    return TimeSliceCapability(CapabilityPointer(slot))
  }
}

private func splitCall(_ trial: Trial, _ time: TimeSliceCapability, _ kept: UInt64) -> Answer {
  let empty = trial.laboratory.firstScratchSlot + Laboratory.scratchCount - 1
  return call(.timeSliceSplit, on: time.pointer, [kept, trial.cnode.word, empty])
}
