internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func addressSpaceCases() {
    attaching()
    attachRefusals()
    detaching()
    installing()
  }

  private mutating func attaching() {
    test("attach tells which table is missing, level by level") { t throws(Refusal) in
      let addresses = try t.protectionDomain()
      let segment = try t.segment()
      let address = try segment.address()
      t.refused(.missingTable, 1, 1, attachCall(addresses, segment.word, 7))
      try addresses.install(PageTableCapability(try t.make(.pageTable)), for: address)
      t.refused(.missingTable, 1, 2, attachCall(addresses, segment.word, 7))
      try addresses.install(PageTableCapability(try t.make(.pageTable)), for: address)
      try addresses.attach(segment, rights: .all)
    }
    test("attach makes 2 MiB reachable with one descriptor") { t throws(Refusal) in
      let segment = try t.segment()
      try segment.map(try t.frame(), at: 0, rights: .readWrite)
      try segment.map(try t.frame(), at: 511, rights: .readWrite)
      try t.attach(segment, to: t.laboratory.protectionDomain)
      let base = try segment.address()
      Memory.write(1, at: base)
      Memory.write(2, at: base + 0x1f_fff8)
      t.equal(Memory.read(base), 1)
      t.equal(Memory.read(base + 0x1f_fff8), 2)
    }
    test("segments made side by side have addresses side by side") { t throws(Refusal) in
      let first = try t.make(.segment, count: 3).rawValue
      let base = try SegmentCapability(CapabilityPointer(first)).address()
      t.equal(try SegmentCapability(CapabilityPointer(first + 1)).address(), base + 0x20_0000)
      t.equal(try SegmentCapability(CapabilityPointer(first + 2)).address(), base + 0x40_0000)
    }
    test("one segment is attached to two ProtectionDomains through two capabilities") { t throws(Refusal) in
      let segment = try t.segment()
      let copy = SegmentCapability(try t.copy(segment.pointer))
      try t.attach(segment, to: try t.protectionDomain())
      try t.attach(copy, to: try t.protectionDomain())
    }
  }

  private mutating func attachRefusals() {
    test("attach refuses what is not a Segment") { t throws(Refusal) in
      let addresses = t.laboratory.protectionDomain
      t.refused(.wrongType, 1, 7, attachCall(addresses, try t.make(.frame).rawValue, 7))
      t.refused(.invalidCapability, 1, 64, attachCall(addresses, t.slots(), 7))
    }
    test("attach refuses a Segment that is attached, and another capability to it") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      let copy = try t.copy(segment.pointer)
      t.refused(.alreadyMapped, 1, 0, attachCall(t.laboratory.protectionDomain, segment.word, 7))
      t.refused(.alreadyMapped, 1, 0, attachCall(t.laboratory.protectionDomain, copy.rawValue, 7))
    }
    test("attach refuses rights that do not exist") { t throws(Refusal) in
      let segment = try t.segment()
      t.refused(.outOfRange, 2, 8, attachCall(t.laboratory.protectionDomain, segment.word, 8))
    }
    test("attach refuses to attach without reading") { t throws(Refusal) in
      let segment = try t.segment()
      t.refused(.missingRight, 2, 1, attachCall(t.laboratory.protectionDomain, segment.word, 6))
      let unreadable = try t.copy(segment.pointer, rights: .write)
      t.refused(.missingRight, 2, 1, attachCall(t.laboratory.protectionDomain, unreadable.rawValue, 7))
    }
  }

  private mutating func detaching() {
    test("detach refuses a Segment that is not attached") { t throws(Refusal) in
      let addresses = t.laboratory.protectionDomain.pointer
      let segment = try t.segment()
      t.refused(.notMapped, 1, 0, call(.protectionDomainDetach, on: addresses, [segment.word]))
      t.refused(.wrongType, 1, 2, call(.protectionDomainDetach, on: addresses, [t.cnode.word]))
    }
    test("detach refuses a Segment that is attached elsewhere") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      let other = try t.protectionDomain()
      t.refused(.notMapped, 1, 0, call(.protectionDomainDetach, on: other.pointer, [segment.word]))
    }
    test("a detached Segment is attached again, with what is mapped in it") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      try segment.map(try t.frame(), at: 3, rights: .readWrite)
      let word = try segment.address() + 0x3010
      Memory.write(99, at: word)
      try t.laboratory.protectionDomain.detach(segment)
      try t.laboratory.protectionDomain.attach(segment, rights: .read)
      t.equal(Memory.read(word), 99)
    }
    test("a Segment of a ProtectionDomain that is gone can be attached again") { t throws(Refusal) in
      let addresses = try t.protectionDomain()
      let segment = try t.segment()
      try t.attach(segment, to: addresses)
      try t.cnode.delete(addresses.word)
      try t.attach(segment, to: try t.protectionDomain())
    }
    test("a Segment below a PageTable that is gone can be attached again") { t throws(Refusal) in
      let addresses = try t.protectionDomain()
      let segment = try t.segment()
      let first = try t.make(.pageTable, count: 2).rawValue
      try addresses.install(PageTableCapability(CapabilityPointer(first)), for: try segment.address())
      try addresses.install(PageTableCapability(CapabilityPointer(first + 1)), for: try segment.address())
      try addresses.attach(segment, rights: .all)
      try t.cnode.delete(first)
      t.refused(.missingTable, 1, 1, attachCall(addresses, segment.word, 7))
      try t.attach(segment, to: addresses)
    }
  }

  private mutating func installing() {
    test("install refuses what is not a PageTable") { t throws(Refusal) in
      let addresses = try t.protectionDomain()
      t.refused(
        .wrongType, 1, 6, call(.protectionDomainInstall, on: addresses.pointer, [try t.segment().word, 0]))
    }
    test("install refuses a PageTable that is installed") { t throws(Refusal) in
      let addresses = try t.protectionDomain()
      let table = PageTableCapability(try t.make(.pageTable))
      try addresses.install(table, for: 0)
      t.refused(.alreadyMapped, 1, 0, call(.protectionDomainInstall, on: addresses.pointer, [table.word, 0]))
    }
    test("install refuses an address of more than 48 bits") { t throws(Refusal) in
      let addresses = try t.protectionDomain()
      let table = try t.make(.pageTable).rawValue
      t.refused(
        .outOfRange, 2, 1 << 48, call(.protectionDomainInstall, on: addresses.pointer, [table, 1 << 48]))
      t.refused(
        .outOfRange, 2, 1 << 48, call(.protectionDomainInstall, on: addresses.pointer, [table, .max]))
    }
    test("install refuses a third table for an address") { t throws(Refusal) in
      let addresses = try t.protectionDomain()
      let first = try t.make(.pageTable, count: 3).rawValue
      try addresses.install(PageTableCapability(CapabilityPointer(first)), for: 0)
      try addresses.install(PageTableCapability(CapabilityPointer(first + 1)), for: 0)
      t.refused(
        .alreadyMapped, 2, 0, call(.protectionDomainInstall, on: addresses.pointer, [first + 2, 0]))
    }
    test("install takes a PageTable that served a ProtectionDomain that is gone") { t throws(Refusal) in
      let addresses = try t.protectionDomain()
      let table = PageTableCapability(try t.make(.pageTable))
      try addresses.install(table, for: 0)
      try t.cnode.delete(addresses.word)
      try t.protectionDomain().install(table, for: 1 << 40)
    }
  }
}

private func attachCall(_ addresses: ProtectionDomainCapability, _ segment: UInt64, _ rights: UInt64)
  -> Answer
{
  call(.protectionDomainAttach, on: addresses.pointer, [segment, rights])
}
