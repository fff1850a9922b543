import KernelObjects

// Deleting a capability, and with the last one the object. CNodes and Domains hold capabilities themselves: such an
// object becomes a zombie, a capability that only says which slots are still to be emptied. Zombies being emptied
// form a stack through `state.destruction`, so nesting of any depth needs no kernel stack, and the work can be left
// and taken up again between any two slots.
extension Kernel {
  /// Removes the capability in `slot`; what was derived from it stays, attached to its parent.
  @inline(__always)
  func delete(_ slot: Reference<Slot>) {
    detach(slot)
    if state.destruction != 0 { emptyZombies() }
  }

  /// Removes everything derived from the capability in `slot`, transitively.
  func revoke(_ slot: Reference<Slot>) {
    // A deleted child leaves its own children in its place, so all descendants pass by here. If `slot` itself lies
    // in a CNode that goes, it is empty afterwards.
    while slot.object.child != 0 {
      delete(Reference(number: slot.object.child))
    }
  }

  /// Empties `slot`, or makes it a zombie on top of the stack.
  func detach(_ slot: Reference<Slot>) {
    let capability = slot.capability
    if capability.isNull { return }
    let last = isFinal(slot)
    switch capability.type {
    case .cnode where last:
      bury(slot, table: capability.address, count: 1 &<< capability.radix)
    case .domain where last:
      destroyDomain(Reference<Domain>(capability.address))
      let table = Reference<Domain>(capability.address).slot(.cnodeRoot)
      bury(slot, table: table.address, count: Domain.ownSlotCount)
    default:
      finalize(slot, capability, isLast: last)
      clear(slot)
    }
  }

  @inline(__always)
  private func clear(_ slot: Reference<Slot>) {
    remove(slot)
    slot.capability = .null
    slot.object.generation = 0
  }

  private func bury(_ slot: Reference<Slot>, table: UInt64, count: UInt64) {
    slot.capability = Capability(
      type: .zombie, address: table,
      word1: Capability.zombieRemainingField.pack(count)
        | Capability.zombieParentField.pack(state.destruction))
    state.destruction = UInt64(slot.number)
  }

  private func emptyZombies() {
    while state.destruction != 0 { emptyOneSlot() }
  }

  /// One bounded step of destruction.
  private func emptyOneSlot() {
    let zombie = Reference<Slot>(number: UInt32(truncatingIfNeeded: state.destruction))
    let remaining = Capability.zombieRemainingField.read(zombie.object.word1)
    if remaining == 0 {
      state.destruction = Capability.zombieParentField.read(zombie.object.word1)
      clear(zombie)
      return
    }
    zombie.object.word1 = Capability.zombieRemainingField.write(remaining &- 1, into: zombie.object.word1)
    let slot = Reference<Slot>(zombie.capability.address)[remaining &- 1]
    // A zombie in here is this one or further down the stack: it is emptied in its turn.
    if slot.capability.isA(.zombie) { return }
    detach(slot)
  }

  /// What else must happen when a capability goes, by type.
  @inline(__always)
  private func finalize(_ slot: Reference<Slot>, _ capability: Capability, isLast: Bool) {
    switch capability.type {
    case .frame:
      unlink(slot)
    case .segment:
      unlink(slot)
      if isLast { retireTable(capability.address) }
    case .pageTable:
      destroyPageTable(slot)
    case .protectionDomain:
      if isLast { destroyProtectionDomain(capability) }
    case .endpoint:
      if isLast { destroyEndpoint(Reference<Endpoint>(capability.address)) }
    case .notification:
      if isLast { destroyNotification(Reference<Notification>(capability.address)) }
    case .reply:
      if !capability.isReplyMaster { abandonReply(Reference<Domain>(capability.address)) }
    case .timeSlice:
      unbindOwnSlices(slot)
    case .irqHandler:
      if isLast { releaseIRQ(capability.irq) }
    default:
      break
    }
  }
}
