import KernelObjects

// An object whose last capability is gone, and that takes more than a few steps to destroy, becomes a zombie: the
// capability stays in its slot and in the derivation tree, where it keeps the object's memory from being used again,
// but gives no right to anything. It says what it was and how much of it is left.
//
// All zombies form a stack, through `state.destruction` and their own words, so that nesting of any depth needs no
// kernel stack. Each step takes some work from the topmost. Between two steps every object is in order, so the work
// can be left there, and taken up by whoever deletes next, or by the clock.
extension Kernel {
  /// Makes the last capability to an object a zombie; `work` counts slots to be emptied, or descriptors to be looked at.
  func bury(_ slot: Reference<Slot>, _ capability: Capability, work: UInt64 = 0) {
    slot.capability = .zombie(of: capability, remaining: work, below: state.destruction)
    // The second word is taken: the ASID goes where the generation of a linked capability would be.
    slot.object.generation =
      capability.isA(.protectionDomain) ? UInt32(truncatingIfNeeded: capability.asid) : 0
    state.destruction = UInt64(slot.number)
  }

  /// The clock goes on with what nobody is left to finish.
  package func destroyAbandoned() {
    var budget = WorkBudget(units: machine.workLimit)
    destroySome(within: &budget)
  }

  /// Steps of destruction, at least one if there is anything to destroy.
  func destroySome(within budget: inout WorkBudget) {
    while state.destruction != 0 {
      destroyStep(&budget)
      if budget.isSpent { return }
    }
  }

  /// A step of destruction.
  func destroyStep(_ budget: inout WorkBudget) {
    let zombie = Reference<Slot>(number: UInt32(truncatingIfNeeded: state.destruction))
    let address = zombie.capability.address
    switch zombie.capability.zombieType {
    case .endpoint: wakeOne(Reference<Endpoint>(address), zombie, &budget)
    case .notification: wakeOne(Reference<Notification>(address), zombie, &budget)
    case .protectionDomain: retireTables(ofRoot: address, zombie, &budget)
    case .pageTable: retireTables(below: address, zombie, &budget)
    case .domain: emptySlots(Reference<Domain>(address).slot(.cnodeRoot), zombie, &budget)
    default: emptySlots(Reference<Slot>(address), zombie, &budget)
    }
  }

  /// The topmost zombie's object is destroyed.
  private func finish(_ zombie: Reference<Slot>) {
    state.destruction = zombie.capability.zombieBelow
    clear(zombie)
  }

  // MARK: CNode and Domain

  private func emptySlots(_ table: Reference<Slot>, _ zombie: Reference<Slot>, _ budget: inout WorkBudget) {
    var remaining = zombie.capability.zombieRemaining
    while remaining > 0 {
      remaining &-= 1
      zombie.object.capability.zombieRemaining = remaining
      let slot = table[remaining]
      if slot.capability.isNull || slot == zombie {
        budget.spend(.pass)
        if budget.isSpent { return }
        continue
      }
      if slot.capability.isA(.zombie) {
        exchange(zombie, slot)
        budget.spend(.capability)
      } else {
        budget.spend(detach(slot))
      }
      return
    }
    finish(zombie)
    budget.spend(.capability)
  }

  /// `inner`, which lies in the table that `top` stands for, is a zombie further down the stack. It must not go with
  /// the table, and the table cannot go before it: so the two change places, but not in the stack. What empties the
  /// table then lies in it itself.
  private func exchange(_ top: Reference<Slot>, _ inner: Reference<Slot>) {
    let belowTop = top.capability.zombieBelow
    let belowInner = inner.capability.zombieBelow
    swap(top, inner)
    top.object.capability.zombieBelow = belowTop
    inner.object.capability.zombieBelow = belowInner
  }

  // MARK: Endpoint and Notification

  private func wakeOne(
    _ endpoint: Reference<Endpoint>, _ zombie: Reference<Slot>, _ budget: inout WorkBudget
  ) {
    cancelOne(on: endpoint)
    budget.spend(.wake)
    if isWaitedFor(endpoint) { return }
    finish(zombie)
  }

  private func wakeOne(
    _ notification: Reference<Notification>, _ zombie: Reference<Slot>, _ budget: inout WorkBudget
  ) {
    cancelOne(on: notification)
    budget.spend(.wake)
    if notification.waiters.isEmpty { finish(zombie) }
  }

  // MARK: ProtectionDomain and PageTable

  // The generations of the upper-level tables end with the ProtectionDomain, so that whatever is attached in them
  // counts as detached.

  private func retireTables(ofRoot root: UInt64, _ zombie: Reference<Slot>, _ budget: inout WorkBudget) {
    // The numbers of entries of the upper-level tables, counted through, that are still to be looked at.
    var remaining = zombie.capability.zombieRemaining
    while remaining > 0 {
      remaining &-= 1
      let upper = TranslationDescriptor(word: Reference<UInt64>(root)[remaining &>> 9].object)
      if upper.isTable {
        retireTable(in: upper.address, at: remaining & 511)
        if remaining & 511 == 0 { retireTable(upper.address) }
      } else {
        remaining &= ~511
      }
      zombie.object.capability.zombieRemaining = remaining
      budget.spend(.descriptor)
      if budget.isSpent { return }
    }
    forgetTables(ofRoot: root, asid: UInt64(zombie.object.generation))
    finish(zombie)
    budget.spend(.capability)
  }

  private func retireTables(below table: UInt64, _ zombie: Reference<Slot>, _ budget: inout WorkBudget) {
    var remaining = zombie.capability.zombieRemaining
    while remaining > 0 {
      remaining &-= 1
      retireTable(in: table, at: remaining)
      zombie.object.capability.zombieRemaining = remaining
      budget.spend(.descriptor)
      if budget.isSpent { return }
    }
    retireTable(table)
    finish(zombie)
    budget.spend(.capability)
  }

  private func retireTable(in upper: UInt64, at index: UInt64) {
    let descriptor = TranslationDescriptor(word: Reference<UInt64>(upper)[index].object)
    if descriptor.isTable { retireTable(descriptor.address) }
  }
}
