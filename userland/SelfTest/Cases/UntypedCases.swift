internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func untypedCases() {
    retypeToEachType()
    retypeMemory()
    retypeRefusals()
    retypeDestinations()
    untypedReset()
    deviceUntyped()
  }

  private mutating func retypeToEachType() {
    test("retype makes an Untyped") { t throws(Refusal) in
      let untyped = try t.untyped(12)
      t.holds(t.type(of: untyped.pointer) == .untyped)
      t.equal(t.freeBytes(untyped), 4096)
    }
    test("retype makes a CNode") { t throws(Refusal) in
      let cnode = CNodeCapability(try t.make(.cnode, sizeBits: 3))
      t.holds(t.type(of: cnode.pointer) == .cnode)
      t.refused(.outOfRange, 1, 8, call(.cnodeDelete, on: cnode.pointer, [8]))
      t.refused(.slotEmpty, 1, 0, call(.cnodeDelete, on: cnode.pointer, [7]))
    }
    test("retype makes a Domain") { t throws(Refusal) in
      let domain = try t.make(.domain)
      t.holds(t.type(of: domain) == .domain)
      t.equal(try DomainCapability(domain).readRegisters(from: 32).words[0], 0)
    }
    test("retype makes a ProtectionDomain") { t throws(Refusal) in
      t.holds(t.type(of: try t.make(.protectionDomain)) == .protectionDomain)
    }
    test("retype makes a PageTable") { t throws(Refusal) in
      t.holds(t.type(of: try t.make(.pageTable)) == .pageTable)
    }
    test("retype makes a Segment") { t throws(Refusal) in
      let segment = try t.segment()
      t.holds(t.type(of: segment.pointer) == .segment)
      t.equal(try segment.address() & 0x1f_ffff, 0)
    }
    test("retype makes a Frame") { t throws(Refusal) in
      let frame = try t.frame()
      t.holds(t.type(of: frame.pointer) == .frame)
      t.equal(try frame.physicalAddress() & 0xfff, 0)
    }
    test("retype makes an Endpoint") { t throws(Refusal) in
      t.holds(t.type(of: try t.make(.endpoint)) == .endpoint)
    }
    test("retype makes a Notification") { t throws(Refusal) in
      t.holds(t.type(of: try t.make(.notification)) == .notification)
    }
    test("retype makes 256 objects at once") { t throws(Refusal) in
      let first = try t.make(.endpoint, count: 256)
      t.holds(t.type(of: first) == .endpoint)
      t.holds(t.type(of: CapabilityPointer(first.rawValue + 255)) == .endpoint)
      t.equal(t.freeBytes(t.arena), 1 << Laboratory.arenaBits - 256 * 32)
    }
  }

  private mutating func retypeMemory() {
    test("retype takes memory from the start on, side by side") { t throws(Refusal) in
      let first = try t.make(.frame, count: 3).rawValue
      let address = try FrameCapability(CapabilityPointer(first)).physicalAddress()
      t.equal(try FrameCapability(CapabilityPointer(first + 1)).physicalAddress(), address + 4096)
      t.equal(try FrameCapability(CapabilityPointer(first + 2)).physicalAddress(), address + 8192)
      t.equal(t.freeBytes(t.arena), 1 << Laboratory.arenaBits - 3 * 4096)
    }
    test("retype aligns an object to its size") { t throws(Refusal) in
      _ = try t.endpoint()
      let frame = try t.frame()
      t.equal(try frame.physicalAddress() & 0xfff, 0)
      t.equal(t.freeBytes(t.arena), 1 << Laboratory.arenaBits - 2 * 4096)
    }
    test("retype of an Untyped of an Untyped takes nothing from the first") { t throws(Refusal) in
      let outer = try t.untyped(14)
      let left = t.freeBytes(t.arena)
      let slot = t.slots(2)
      try outer.retype(.untyped, sizeBits: 13, into: t.cnode, at: slot)
      try UntypedCapability(CapabilityPointer(slot)).retype(.frame, into: t.cnode, at: slot + 1)
      t.equal(t.freeBytes(t.arena), left)
      t.equal(t.freeBytes(outer), 8192)
      t.equal(t.freeBytes(UntypedCapability(CapabilityPointer(slot))), 4096)
    }
    test("retype of many objects within a page clears no memory but theirs") { t throws(Refusal) in
      let untyped = try t.untyped(13)
      let segment = try t.attachedSegment()
      try untyped.retype(.untyped, sizeBits: 12, into: t.cnode, at: t.slots())
      let frame = FrameCapability(CapabilityPointer(t.slots()))
      try untyped.retype(.frame, into: t.cnode, at: frame.word)
      try segment.map(frame, at: 0, rights: .readWrite)
      Memory.write(0x5ca1ab1e, at: try segment.address())
      // The first leaves the others to begin between two cache lines.
      let page = UntypedCapability(CapabilityPointer(frame.word - 1))
      try page.retype(.endpoint, into: t.cnode, at: t.slots())
      try page.retype(.endpoint, count: 100, into: t.cnode, at: t.slots(100))
      t.equal(Memory.read(try segment.address()), 0x5ca1ab1e)
      t.equal(t.freeBytes(page), 4096 - 101 * 32)
    }
    test("retype clears the memory of a Frame") { t throws(Refusal) in
      let untyped = try t.untyped(12)
      let segment = try t.attachedSegment()
      let frame = FrameCapability(CapabilityPointer(t.slots()))
      try untyped.retype(.frame, into: t.cnode, at: frame.word)
      try segment.map(frame, at: 0, rights: .readWrite)
      let base = try segment.address()
      Memory.write(0x1234_5678, at: base + 8)
      t.equal(Memory.read(base + 8), 0x1234_5678)
      try t.cnode.delete(frame.word)
      try untyped.reset()
      try untyped.retype(.frame, into: t.cnode, at: frame.word)
      try segment.map(frame, at: 0, rights: .readWrite)
      t.equal(Memory.read(base + 8), 0)
    }
  }

  private mutating func retypeRefusals() {
    test("retype refuses a type that does not exist") { t throws(Refusal) in
      let slot = t.slots()
      try each([16, 31, 32, 0xffff_ffff, .max]) { type throws(Refusal) in
        t.refused(.outOfRange, 1, 32, retype(t, type, 12, 1, t.cnode.word, slot))
      }
    }
    test("retype refuses a type that memory does not become") { t throws(Refusal) in
      let slot = t.slots()
      try each([0, 10, 11, 12, 13, 14, 15]) { type throws(Refusal) in
        t.refused(.invalidArgument, 1, type, retype(t, type, 12, 1, t.cnode.word, slot))
      }
    }
    test("retype refuses an Untyped of no possible size") { t throws(Refusal) in
      let slot = t.slots()
      try each([0, 4, 48, 64, .max]) { size throws(Refusal) in
        t.refused(.outOfRange, 2, 48, retype(t, 1, size, 1, t.cnode.word, slot))
      }
    }
    test("retype refuses a CNode of no possible radix") { t throws(Refusal) in
      let slot = t.slots()
      try each([0, 32, 64, .max]) { radix throws(Refusal) in
        t.refused(.outOfRange, 2, 32, retype(t, 2, radix, 1, t.cnode.word, slot))
      }
    }
    test("retype refuses no objects, and more than 256") { t throws(Refusal) in
      let slot = t.slots()
      try each([0, 257, .max]) { count throws(Refusal) in
        t.refused(.outOfRange, 3, 257, retype(t, 8, 0, count, t.cnode.word, slot))
      }
    }
    test("retype refuses an object that is larger than the Untyped") { t throws(Refusal) in
      let size: UInt64 = 1 << Laboratory.arenaBits
      t.refused(
        .notEnoughMemory, 2, size, retype(t, 1, Laboratory.arenaBits + 1, 1, t.cnode.word, t.slots()))
    }
    test("retype refuses more objects than there is room for") { t throws(Refusal) in
      let untyped = try t.untyped(13)
      let slot = t.slots(3)
      t.refused(
        .notEnoughMemory, 3, 8192, call(.untypedRetype, on: untyped.pointer, [7, 0, 3, t.cnode.word, slot]))
      try untyped.retype(.frame, count: 2, into: t.cnode, at: slot)
      t.refused(
        .notEnoughMemory, 3, 0, call(.untypedRetype, on: untyped.pointer, [8, 0, 1, t.cnode.word, slot + 2]))
    }
    test("retype refuses more than one ProtectionDomain") { t throws(Refusal) in
      t.refused(.outOfRange, 3, 2, retype(t, 4, 0, 2, t.cnode.word, t.slots(2)))
    }
  }

  private mutating func retypeDestinations() {
    test("retype refuses a destination that is not a CNode") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      t.refused(.wrongType, 4, 8, retype(t, 8, 0, 1, endpoint.word, t.slots()))
    }
    test("retype refuses a destination that is no capability") { t throws(Refusal) in
      let slot = t.slots()
      t.refused(.invalidCapability, 4, 64, retype(t, 8, 0, 1, slot, slot))
      t.refused(.invalidCapability, 4, 0, retype(t, 8, 0, 1, 1 << 63, slot))
    }
    test("retype refuses slots beyond the CNode's end") { t throws(Refusal) in
      let cnode = CNodeCapability(try t.make(.cnode, sizeBits: 2))
      t.refused(.outOfRange, 5, 4, retype(t, 8, 0, 1, cnode.word, 4))
      t.refused(.outOfRange, 5, 4, retype(t, 8, 0, 1, cnode.word, .max))
      t.refused(.outOfRange, 5, 4, retype(t, 8, 0, 3, cnode.word, 2))
    }
    test("retype refuses a slot that is taken, and changes nothing") { t throws(Refusal) in
      let slot = t.slots(3)
      try t.cnode.copy(to: slot + 2, from: t.slot(t.cnode.pointer))
      let left = t.freeBytes(t.arena)
      t.refused(.slotOccupied, 5, 0, retype(t, 8, 0, 3, t.cnode.word, slot))
      t.holds(!t.isFilled(CapabilityPointer(slot)))
      t.equal(t.freeBytes(t.arena), left)
    }
  }

  private mutating func untypedReset() {
    test("reset gives all memory back") { t throws(Refusal) in
      let untyped = try t.untyped(13)
      let slot = t.slots()
      try untyped.retype(.frame, into: t.cnode, at: slot)
      try t.cnode.delete(slot)
      t.equal(t.freeBytes(untyped), 4096)
      try untyped.reset()
      t.equal(t.freeBytes(untyped), 8192)
    }
    test("reset is refused while something is derived") { t throws(Refusal) in
      let untyped = try t.untyped(13)
      try untyped.retype(.frame, into: t.cnode, at: t.slots())
      t.refused(.hasChildren, 0, 0, call(.untypedReset, on: untyped.pointer))
      t.equal(t.freeBytes(untyped), 4096)
    }
    test("reset is refused while a copy of what was derived is left") { t throws(Refusal) in
      let untyped = try t.untyped(13)
      let slot = t.slots()
      try untyped.retype(.endpoint, into: t.cnode, at: slot)
      _ = try t.copy(CapabilityPointer(slot))
      try t.cnode.delete(slot)
      t.refused(.hasChildren, 0, 0, call(.untypedReset, on: untyped.pointer))
    }
    test("reset is possible after revoke") { t throws(Refusal) in
      let untyped = try t.untyped(13)
      let slot = t.slots(2)
      try untyped.retype(.untyped, sizeBits: 12, into: t.cnode, at: slot)
      try UntypedCapability(CapabilityPointer(slot)).retype(.frame, into: t.cnode, at: slot + 1)
      try t.cnode.revoke(untyped.word)
      t.holds(!t.isFilled(CapabilityPointer(slot)) && !t.isFilled(CapabilityPointer(slot + 1)))
      try untyped.reset()
      t.equal(t.freeBytes(untyped), 8192)
    }
  }

  private mutating func deviceUntyped() {
    test("device memory becomes no kernel object") { t throws(Refusal) in
      let device = t.laboratory.device
      try each([2, 3, 4, 5, 6, 8, 9]) { type throws(Refusal) in
        t.refused(
          .invalidArgument, 1, type,
          call(.untypedRetype, on: device.pointer, [type, 12, 1, t.cnode.word, t.slots()]))
      }
    }
    test("device memory is not cleared, and is mapped as it is") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      let frame = FrameCapability(try t.copy(t.laboratory.realTimeClock.pointer))
      try segment.map(frame, at: 1, rights: .readWrite)
      // PeriphID0 and PCellID0 of the PL031 (Arm DDI 0224C, table 3-1).
      let page = try segment.address() + 4096
      t.equal(Memory.read(page + 0xfe0) & 0xff, 0x31)
      t.equal(Memory.read(page + 0xff0) & 0xff, 0x0d)
    }
    test("device memory is never executed") { t throws(Refusal) in
      let segment = try t.segment()
      let frame = try t.copy(t.laboratory.realTimeClock.pointer)
      t.refused(
        .invalidArgument, 3, 5, call(.segmentMap, on: segment.pointer, [frame.rawValue, 0, 5]))
      t.refused(.invalidArgument, 0, 0, call(.frameSynchronizeInstructions, on: frame))
    }
  }
}

private func retype(
  _ trial: Trial, _ type: UInt64, _ size: UInt64, _ count: UInt64, _ cnode: UInt64, _ index: UInt64
) -> Answer {
  call(.untypedRetype, on: trial.arena.pointer, [type, size, count, cnode, index])
}
