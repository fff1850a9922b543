import KernelObjects

// Deleting a capability, and with the last one the object. What that takes more than a few steps for becomes a zombie
// first: see Destruction.swift.
extension Kernel {
  /// Removes the capability in `slot`; what was derived from it stays, attached to its parent. `caller` asks for it, by
  /// `lookUps` capability pointers.
  ///
  /// - Throws: `Refusal.unfinished` while the object is still being destroyed.
  @inline(__always)
  func delete(_ slot: Reference<Slot>, for caller: Reference<Domain>, lookUps: UInt64) throws(Refusal) {
    if !slot.capability.isA(.zombie) { detach(slot) }
    if state.destruction != 0 {
      var budget = workBudget(for: caller, lookUps: lookUps)
      try finishDeletion(of: slot, &budget)
    }
  }

  private func finishDeletion(of slot: Reference<Slot>, _ budget: inout WorkBudget) throws(Refusal) {
    // A capability that went at once does not wait for what others have left.
    if slot.capability.isNull { return }
    destroySome(within: &budget)
    if !slot.capability.isNull { throw .unfinished }
  }

  /// Empties `slot`, where no zombie can stay: a Domain may be running on it.
  ///
  /// - Throws: `Refusal.unfinished` while there is no other place for the zombie.
  func discard(_ slot: Reference<Slot>, _ budget: inout WorkBudget) throws(Refusal) {
    if slot.capability.isNull { return }
    if isFinal(slot) {
      if !grave.capability.isNull && !budget.isSpent { destroySome(within: &budget) }
      guard grave.capability.isNull else { throw .unfinished }
      move(slot, to: grave)
      budget.spend(detach(grave))
    } else {
      budget.spend(detach(slot))
    }
  }

  /// Makes room for a zombie.
  ///
  /// - Throws: `Refusal.unfinished` if anything was done.
  func clearGrave(for caller: Reference<Domain>) throws(Refusal) {
    if grave.capability.isNull { return }
    var budget = workBudget(for: caller, lookUps: 1)
    destroySome(within: &budget)
    throw .unfinished
  }

  private var grave: Reference<Slot> { stateReference.part(at: KernelState.graveOffset) }

  /// Removes everything derived from the capability in `slot`, transitively.
  ///
  /// - Throws: `Refusal.unfinished` while there is more to remove.
  func revoke(_ slot: Reference<Slot>, for caller: Reference<Domain>) throws(Refusal) {
    var budget = workBudget(for: caller, lookUps: 1)
    while true {
      // A deleted child leaves its own children in its place, so all descendants pass by here. If `slot` itself lies
      // in a CNode that goes, it is empty afterwards.
      if state.destruction != 0 {
        destroyStep(&budget)
      } else if slot.object.child != 0 {
        budget.spend(detach(Reference(number: slot.object.child)))
      } else {
        return
      }
      if budget.isSpent { break }
    }
    if state.destruction != 0 || slot.object.child != 0 { throw .unfinished }
  }

  /// Empties `slot`, or makes it a zombie on top of the stack.
  @discardableResult
  func detach(_ slot: Reference<Slot>) -> WorkStep {
    let capability = slot.capability
    if capability.isNull { return .pass }
    let last = isFinal(slot)
    switch capability.type {
    case .cnode where last:
      bury(slot, capability, work: 1 &<< capability.radix)
    case .domain where last:
      destroyDomain(Reference<Domain>(capability.address))
      bury(slot, capability, work: Domain.ownSlotCount)
      return .sliceVector
    case .endpoint where last:
      if isWaitedFor(Reference<Endpoint>(capability.address)) { bury(slot, capability) } else { clear(slot) }
    case .notification where last:
      let notification = Reference<Notification>(capability.address)
      unbind(notification)
      if notification.waiters.isEmpty { clear(slot) } else { bury(slot, capability) }
    case .protectionDomain where last:
      // The processor must not walk what is being taken apart.
      if state.activeRoot == capability.address { leaveTables() }
      bury(slot, capability, work: 512 &* 512)
    case .pageTable:
      // Without a generation of its own its ProtectionDomain is a zombie that has been here already.
      let isUpper =
        isLinked(slot) && capability.link.level == 1 && generation(of: capability.address) != 0
      unlink(slot)
      if isUpper { bury(slot, capability, work: 512) } else { retire(slot) }
    case .zombie:
      break
    default:
      finalize(slot, capability, isLast: last)
      clear(slot)
      if capability.isA(.timeSlice) { return .sliceVector }
    }
    return .capability
  }

  @inline(__always)
  func clear(_ slot: Reference<Slot>) {
    remove(slot)
    slot.capability = .null
    slot.object.generation = 0
  }

  private func retire(_ table: Reference<Slot>) {
    retireTable(table.capability.address)
    clear(table)
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
