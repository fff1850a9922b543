import KernelObjects

// An interrupt's handler runs at once, in a slot that is somebody else's. How much of it is bounded by the budget
// of its line: so many timer counts in a window, which begins with the first such run and is as long as a slot.
// What runs from the interrupt on, the handler and whoever serves it, is the line's service. It ends when nobody of
// them can run or one yields, when the budget is used, and with the slot; then the slot's owner goes on.
extension Kernel {
  private func budget(of entry: Reference<IRQEntry>) -> UInt64 {
    let limit = UInt64(entry.object.limit)
    return limit == 0 ? IRQEntry.defaultBudget(tickCounts: machine.tickCounts) : limit &- 1
  }

  /// Lets a handler that an interrupt has woken run at once, if its line has something left.
  func serve(_ entry: Reference<IRQEntry>, with handler: Reference<Domain>) {
    // What runs without a slot takes nobody's time.
    if state.sliceEnd == 0 {
      state.current = handler.address
      return
    }
    let now = machine.now
    if state.served == entry.address { chargeService(until: now) }
    if now &- entry.object.window >= machine.tickCounts {
      entry.object.window = now
      entry.object.spent = 0
    }
    let budget = budget(of: entry)
    guard entry.object.spent < budget else {
      entry.object.flags |= IRQFlags.throttled.rawValue
      return
    }
    // Another line's handler that this one interrupts goes on in slots of its own.
    endService(at: now)
    entry.object.flags &= ~IRQFlags.throttled.rawValue
    state.served = entry.address
    state.servedSince = now
    state.serviceEnd = now &+ budget &- entry.object.spent
    state.current = handler.address
    armTimer()
  }

  private func chargeService(until now: UInt64) {
    Reference<IRQEntry>(state.served).object.spent &+= now &- state.servedSince
    state.servedSince = now
  }

  /// Whoever runs next does so on the slot's own account; the timer is the caller's to set.
  func endService(at now: UInt64) {
    if state.served == 0 { return }
    chargeService(until: now)
    state.served = 0
    state.servedSince = 0
    state.serviceEnd = 0
  }

  /// The timer interrupted within the slot: for the service's end, or that of what was lent.
  func expire(at now: UInt64) {
    if state.served != 0 && now >= state.serviceEnd {
      Reference<IRQEntry>(state.served).object.flags |= IRQFlags.throttled.rawValue
      endService(at: now)
      state.current = 0
    }
    expireLending(at: now)
  }

  /// The present slot goes on with who can run in it by right.
  @inline(never)
  func resumeSlot(at now: UInt64) {
    endService(at: now)
    if state.lender != 0 { return resumeLending(at: now) }
    let index = state.currentSlice
    let runner = runner(for: Reference(slice(index).object.domain))
    if runner.isNone { return passOn(index, at: now) }
    state.current = runner.address
    armTimer()
  }

  /// Whoever runs on what a service or a lender let it have gives that up.
  @inline(never)
  func yieldBorrowed(at now: UInt64) {
    if state.served == 0 { return yieldLending(at: now) }
    if now >= state.sliceEnd { endSlot(at: now) } else { resumeSlot(at: now) }
  }
}

// MARK: the limit

extension Kernel {
  func limitLine(_ context: InvocationContext) throws(Refusal) {
    let irq = context.word(0)
    guard irq < KernelState.irqCount else {
      throw Refusal(.outOfRange, argument: 1, detail: KernelState.irqCount)
    }
    guard IRQFlags(rawValue: line(irq).object.flags).isDisjoint(with: .kernel) else {
      throw Refusal(.invalidArgument, argument: 1, detail: irq)
    }
    let budget = context.word(1)
    guard budget <= machine.tickCounts else {
      throw Refusal(.outOfRange, argument: 2, detail: machine.tickCounts &+ 1)
    }
    line(irq).object.limit = UInt32(truncatingIfNeeded: budget &+ 1)
  }
}
