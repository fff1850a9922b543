internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func derivationCases() {
    deleting()
    revoking()
  }

  private mutating func deleting() {
    test("delete empties the slot") { t throws(Refusal) in
      let endpoint = try t.make(.endpoint)
      try t.cnode.delete(endpoint.rawValue)
      t.holds(!t.isFilled(endpoint))
    }
    test("delete leaves what was derived, with the parent") { t throws(Refusal) in
      let endpoint = try t.make(.endpoint)
      let child = try t.copy(endpoint)
      let grandchild = try t.copy(child)
      try t.cnode.delete(child.rawValue)
      t.holds(t.isFilled(grandchild))
      try t.cnode.revoke(endpoint.rawValue)
      t.holds(!t.isFilled(grandchild) && t.isFilled(endpoint))
    }
    test("delete refuses an empty slot, and one beyond the CNode") { t throws(Refusal) in
      t.refused(.slotEmpty, 1, 0, call(.cnodeDelete, on: t.cnode.pointer, [t.slots()]))
      t.refused(.outOfRange, 1, 4096, call(.cnodeDelete, on: t.cnode.pointer, [4096]))
    }
    test("delete of a CNode deletes what it holds") { t throws(Refusal) in
      let plain = try t.make(.cnode, sizeBits: 2)
      let notification = try t.notification()
      try CNodeCapability(plain).move(to: 1, from: t.slot(notification.pointer))
      let slot = t.slots()
      try t.cnode.copy(to: slot, from: SlotReference(CNodeCapability(plain), 1))
      try t.cnode.delete(plain.rawValue)
      t.holds(!t.isFilled(plain))
      t.holds(t.isFilled(CapabilityPointer(slot)), "what was derived stays")
    }
    test("delete of a CNode that holds its own capability") { t throws(Refusal) in
      let plain = try t.make(.cnode, sizeBits: 2)
      let endpoint = try t.make(.endpoint)
      try CNodeCapability(plain).move(to: 2, from: t.slot(endpoint))
      try CNodeCapability(plain).move(to: 3, from: t.slot(plain))
      t.holds(!t.isFilled(plain))
      try t.cnode.revoke(t.arena.word)
      try t.arena.reset()
    }
    test("delete of CNodes that hold each other") { t throws(Refusal) in
      let first = CNodeCapability(try t.make(.cnode, sizeBits: 2))
      let second = CNodeCapability(try t.make(.cnode, sizeBits: 2))
      try first.copy(to: 0, from: t.slot(second.pointer))
      try second.copy(to: 0, from: t.slot(first.pointer))
      try t.cnode.delete(first.word)
      t.holds(t.isFilled(0, of: second))
      try t.cnode.delete(second.word)
      try t.cnode.revoke(t.arena.word)
      try t.arena.reset()
    }
  }

  private mutating func revoking() {
    test("revoke takes copies and copies of copies, and leaves the capability") { t throws(Refusal) in
      let endpoint = try t.make(.endpoint)
      let child = try t.copy(endpoint)
      let grandchild = try t.badged(child, 1)
      let other = try t.copy(endpoint)
      try t.cnode.revoke(endpoint.rawValue)
      t.holds(t.isFilled(endpoint))
      t.holds(!t.isFilled(child) && !t.isFilled(grandchild) && !t.isFilled(other))
    }
    test("revoke leaves what was not derived") { t throws(Refusal) in
      let endpoint = try t.make(.endpoint)
      let child = try t.copy(endpoint)
      let sibling = try t.copy(endpoint)
      let grandchild = try t.copy(child)
      try t.cnode.revoke(child.rawValue)
      t.holds(t.isFilled(endpoint) && t.isFilled(child) && t.isFilled(sibling))
      t.holds(!t.isFilled(grandchild))
    }
    test("revoke reaches into other CNodes") { t throws(Refusal) in
      let cnode = CNodeCapability(try t.make(.cnode, sizeBits: 2))
      let endpoint = try t.make(.endpoint)
      try cnode.copy(to: 1, from: t.slot(endpoint))
      try cnode.copy(to: 2, from: t.slot(t.laboratory.debug.pointer))
      try t.cnode.revoke(endpoint.rawValue)
      t.holds(!t.isFilled(1, of: cnode) && t.isFilled(2, of: cnode))
    }
    test("revoke of an Untyped that is held in a CNode made of it") { t throws(Refusal) in
      let untyped = try t.untyped(13)
      let slot = t.slots()
      try untyped.retype(.cnode, sizeBits: 3, into: t.cnode, at: slot)
      let cnode = CNodeCapability(CapabilityPointer(slot))
      try cnode.move(to: 0, from: t.slot(untyped.pointer))
      try cnode.revoke(0)
      t.holds(!t.isFilled(CapabilityPointer(slot)), "the CNode is gone, and with it the Untyped")
    }
    test("revoke refuses an empty slot, and one beyond the CNode") { t throws(Refusal) in
      t.refused(.slotEmpty, 1, 0, call(.cnodeRevoke, on: t.cnode.pointer, [t.slots()]))
      t.refused(.outOfRange, 1, 4096, call(.cnodeRevoke, on: t.cnode.pointer, [4096]))
    }
  }
}
