import KernelObjects

// The processor's time is a vector of slots, walked mechanically. The kernel has no queue and no priorities: a slot
// names a Domain, and when a slot's time is over the next one whose Domain can run is next. A slot's end is fixed when
// it begins: whatever its Domain does (wait, call, fault, yield), it gets no more of it.
extension Kernel {
  /// The timer says that the slot's time is over.
  @discardableResult
  public func tick() -> ResumedFrame {
    enter()
    var now = machine.now
    let isOver = now >= state.sliceEnd
    if isOver {
      state.ticks &+= 1
      if state.current != 0 { current.object.ticks &+= 1 }
      state.current = 0
    }
    // First, lest it takes away whoever is found next.
    if state.destruction != 0 {
      destroyAbandoned()
      now = machine.now
    }
    if isOver { endSlot(at: now) } else { expire(at: now) }
    return leave()
  }

  /// The current Domain cannot go on: somebody else may in this slot, or the next one begins.
  func reschedule() {
    let now = machine.now
    if now >= state.sliceEnd { return endSlot(at: now) }
    // In one comparison: this is where every wait ends.
    if state.lender | state.served != 0 { return resumeSlot(at: now) }
    let index = state.currentSlice
    let runner = runner(for: Reference(slice(index).object.domain))
    if runner.isNone { return passOn(index, at: now) }
    state.current = runner.address
  }

  /// The current Domain gives up the rest of its slot, or of what it was let have of another's.
  @inline(__always)
  func yield() {
    let now = machine.now
    if state.lender | state.served != 0 { return yieldBorrowed(at: now) }
    if now >= state.sliceEnd { return endSlot(at: now) }
    passOn(state.currentSlice, at: now)
  }

  /// A slot that is not over, and of which nothing is lent, ends early: its Domain used all of it until now.
  @inline(__always)
  func passOn(_ index: UInt64, at now: UInt64) {
    slice(index).object.used &+= now &- state.accounted
    state.accounted = now
    advance(from: index &+ 1, at: now)
  }

  /// Goes on to the next slot, whatever the present one is like.
  @inline(never)
  func endSlot(at now: UInt64) {
    account(until: now)
    endLending(through: .none, .sliceEnded)
    // The processor may have idled: only from here does it go on to a slot then.
    machine.startTick()
    advance(from: state.currentSlice &+ 1, at: now)
  }

  /// Begins the first slot from `first` on whose Domain can run; with none, the processor idles.
  func advance(from first: UInt64, at now: UInt64) {
    for step in 0..<KernelState.sliceCount {
      let index = (first &+ step) % KernelState.sliceCount
      let entry = slice(index)
      let domain = entry.object.domain
      if domain == 0 { continue }
      if isReady(Reference(domain)) {
        begin(index, of: domain, with: domain, at: now)
        return beginSlice(of: Reference(domain))
      }
      // Who runs for another in its slice goes on where it is.
      let runner = server(of: Reference(domain))
      if !runner.isNone { return begin(index, of: domain, with: runner.address, at: now) }
    }
    state.current = 0
    state.account = 0
    state.sliceEnd = 0
    // What was left of a long operation is gone on with at ticks, also while nobody runs.
    if state.destruction == 0 {
      machine.stopTick()
    } else {
      machine.startTick()
      machine.interrupt(at: now &+ machine.tickCounts)
    }
  }

  /// Begins slot `index`, which is the Domain `domain`'s and in which the Domain `runner` runs.
  @inline(__always)
  private func begin(_ index: UInt64, of domain: UInt64, with runner: UInt64, at now: UInt64) {
    state.current = runner
    state.currentSlice = index
    state.account = domain
    slice(index).object.ticks &+= 1
    let end = now &+ machine.tickCounts
    state.sliceEnd = end
    machine.interrupt(at: end)
  }

  /// Nobody could run, and now an interrupt's handler can: in a slot of its own, or as long as a slot would last,
  /// on nobody's account.
  func wakeFromIdle(_ handler: Reference<Domain>) {
    let now = machine.now
    endSlot(at: now)
    if state.current != 0 { return }
    state.current = handler.address
    machine.startTick()
    machine.interrupt(at: now &+ machine.tickCounts)
  }

  /// The machine stood still since `stop`: that time is on no slot's account, and the present slot keeps its own.
  public func resumeTime(stoppedAt stop: UInt64) {
    let pause = machine.now &- stop
    state.accounted &+= pause
    state.idle &+= pause
    if state.current == 0 && state.destruction == 0 { return }
    if state.served != 0 {
      state.servedSince &+= pause
      state.serviceEnd &+= pause
    }
    machine.startTick()
    // Without a slot, whoever runs is what `wakeFromIdle` woke.
    if state.sliceEnd == 0 { return machine.interrupt(at: machine.now &+ machine.tickCounts) }
    state.sliceEnd &+= pause
    armTimer()
  }

  /// Who runs on a Domain's time: itself, or whoever serves the call that it waits for.
  @inline(__always)
  func runner(for domain: Reference<Domain>) -> Reference<Domain> {
    isReady(domain) ? domain : server(of: domain)
  }

  /// Who serves the call that a Domain waits for, and can run.
  @inline(__always)
  private func server(of domain: Reference<Domain>) -> Reference<Domain> {
    var waiting = domain
    // Chains of calls are short; a cycle of them is a deadlock and must not hang the walk.
    for _ in 0..<7 {
      guard waiting.object.state == DomainState.blockedOnReply.rawValue else { return .none }
      waiting = Reference(waiting.object.servedBy)
      if waiting.isNone || isReady(waiting) { return waiting }
    }
    return .none
  }
}

// MARK: accounting

extension Kernel {
  /// Accounts for a slot that ends. Its time is that until its end, however late the timer was.
  private func account(until now: UInt64) {
    endService(at: now)
    charge(slice(state.currentSlice), until: min(now, max(state.sliceEnd, state.accounted)))
    state.idle &+= now &- state.accounted
    state.accounted = now
  }

  /// Charges the time since the last charge to the present slot, or to nobody.
  @inline(__always)
  func charge(_ entry: Reference<SliceEntry>, until now: UInt64) {
    let elapsed = now &- state.accounted
    let account = state.account
    state.accounted = now
    if account == 0 {
      state.idle &+= elapsed
    } else if account == entry.object.domain {
      entry.object.used &+= elapsed
    } else {
      entry.object.lent &+= elapsed
      entry.object.borrower = account
    }
  }

  /// The present slot is nobody's any more.
  private func closeSlot() {
    account(until: machine.now)
    endLending(through: .none, .sliceEnded)
    state.sliceEnd = 0
    state.account = 0
    state.current = 0
  }
}

// MARK: TimeSlice

extension Kernel {
  func invokeTimeSlice(_ context: InvocationContext) throws(Refusal) {
    switch context.label {
    case Invocation.timeSliceSplit.rawValue: try split(context)
    case Invocation.timeSliceBind.rawValue:
      let domain = try capabilityArgument(0, .domain, in: context).capability.address
      bindOwnSlices(context.slot, to: domain)
    case Invocation.timeSliceUnbind.rawValue: bindOwnSlices(context.slot, to: 0)
    default: throw context.noSuchInvocation
    }
  }

  private func split(_ context: InvocationContext) throws(Refusal) {
    let keep = context.word(0)
    let count = ownSliceCount(context.slot)
    guard keep < count else { throw Refusal(.outOfRange, argument: 1, detail: count) }
    let destination = try destinationArgument(1, in: context)
    let start = context.capability.sliceStart &+ keep
    install(.timeSlice(start: start, count: count &- keep), in: destination, derivedFrom: context.slot)
    bind(from: start, count: count &- keep, to: 0)
  }

  /// Slots of the range that were not split off: they lie before the first that was.
  func ownSliceCount(_ slot: Reference<Slot>) -> UInt64 {
    let capability = slot.capability
    var end = capability.sliceStart &+ capability.sliceCount
    // Children are disjoint, so there are at most as many as slots.
    var number = slot.object.child
    while number != 0 && number & Slot.parentTag == 0 {
      let child = Reference<Slot>(number: number)
      end = min(end, child.capability.sliceStart)
      number = child.object.next
    }
    return end &- capability.sliceStart
  }

  private func bindOwnSlices(_ slot: Reference<Slot>, to domain: UInt64) {
    bind(from: slot.capability.sliceStart, count: ownSliceCount(slot), to: domain)
  }

  func unbindOwnSlices(_ slot: Reference<Slot>) { bindOwnSlices(slot, to: 0) }

  private func bind(from start: UInt64, count: UInt64, to domain: UInt64) {
    for index in start..<start &+ count { bind(index % KernelState.sliceCount, to: domain) }
  }

  @inline(never)
  private func bind(_ index: UInt64, to domain: UInt64) {
    let entry = slice(index)
    let previous = Reference<Domain>(entry.object.domain)
    if previous.address == domain { return }
    // Whoever runs in it has no right to the rest of it any more.
    if index == state.currentSlice && state.sliceEnd != 0 { closeSlot() }
    if !previous.isNone { previous.object.boundSlices &-= 1 }
    entry.object.domain = domain
    if domain != 0 { Reference<Domain>(domain).object.boundSlices &+= 1 }
  }

  /// Takes all its slots from a Domain that goes.
  func unbindSlices(of domain: Reference<Domain>) {
    for index in 0..<KernelState.sliceCount where slice(index).object.domain == domain.address {
      bind(index, to: 0)
    }
  }
}
