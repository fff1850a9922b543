import KernelObjects

// Directed dispatch: a Domain lends the rest of its slot, or a part, to another, and is told why it got it back.
//
// Who lent of the present slot is a chain, from `state.lender`, who lent last, outwards through `Domain.lender`. It
// lasts no longer than the slot. When somebody gets its time back, so do all that had lent of it in turn.
extension Kernel {
  /// Most lenders of one slot: ending all of them is bounded work.
  private static var lendingLimit: Int { 8 }

  func run(_ domain: Reference<Domain>, _ context: InvocationContext) throws(Refusal) {
    let lender = context.caller
    guard domain != lender else { throw Refusal(.invalidArgument) }
    guard isConfigured(domain) else { throw Refusal(.notConfigured) }
    guard lendingDepth() < Self.lendingLimit else { throw Refusal(.exhausted) }
    let until = context.word(0)
    if hasBoundSignal(lender) { return comeBack(lender, .event, events: takeBoundEvents(lender)) }
    if until != 0 && until <= machine.now { return comeBack(lender, .expired) }
    lend(from: lender, to: domain, until: until == 0 ? .max : until)
  }

  private func lend(from lender: Reference<Domain>, to domain: Reference<Domain>, until: UInt64) {
    // An interrupt's handler has of another's slot what it needs itself: that goes on, with its owner.
    if state.served != 0 {
      comeBack(lender, .sliceEnded)
      state.current = 0
      return
    }
    let outer = Reference<Domain>(state.lender)
    lender.object.state = DomainState.lending.rawValue
    lender.object.lentTo = domain.address
    lender.object.lender = outer.address
    lender.object.lendUntil = outer.isNone ? until : min(until, outer.object.lendUntil)
    state.lender = lender.address
    // Who runs now is found as after any wait.
    state.current = 0
    if isReady(domain) { beginSlice(of: domain) }
  }

  private func lendingDepth() -> Int {
    var depth = 0
    var lender = state.lender
    while lender != 0 {
      depth &+= 1
      lender = Reference<Domain>(lender).object.lender
    }
    return depth
  }

  /// Lets whoever the present slot is lent to go on, or gives it back to who lent last.
  @inline(never)
  func resumeLending(at now: UInt64) {
    let lender = Reference<Domain>(state.lender)
    let borrower = Reference<Domain>(lender.object.lentTo)
    let runner = runner(for: borrower)
    if runner.isNone {
      let (reason, detail) = standstill(borrower)
      giveBack(through: lender, reason, detail: detail, at: now)
    } else {
      continueSlot(with: runner, at: now)
    }
  }

  /// What was lent for a time is over, or the timer was early.
  func expireLending(at now: UInt64) {
    var expired = Reference<Domain>.none
    var lender = Reference<Domain>(state.lender)
    // Nobody can lend for longer than it may run itself, so who is last in this order is outermost.
    while !lender.isNone && lender.object.lendUntil <= now {
      expired = lender
      lender = Reference(lender.object.lender)
    }
    if expired.isNone {
      armTimer()
    } else {
      giveBack(through: expired, .expired, at: now)
    }
  }

  /// The borrower gives up the time it was lent.
  @inline(never)
  func yieldLending(at now: UInt64) { giveBack(through: Reference(state.lender), .yielded, at: now) }

  /// `lender` goes on with the slot.
  @inline(never)
  private func giveBack(
    through lender: Reference<Domain>, _ reason: RunReason, detail: UInt64 = 0, events: UInt64 = 0,
    at now: UInt64
  ) {
    endLending(through: lender, reason, detail: detail, events: events)
    continueSlot(with: lender, at: now)
  }

  private func continueSlot(with runner: Reference<Domain>, at now: UInt64) {
    changeAccount(at: now)
    state.current = runner.address
  }

  /// The slot goes on, on the account of whoever it belongs to now.
  @inline(never)
  private func changeAccount(at now: UInt64) {
    endService(at: now)
    charge(slice(state.currentSlice), until: now)
    state.account =
      state.lender == 0
      ? slice(state.currentSlice).object.domain : Reference<Domain>(state.lender).object.lentTo
    armTimer()
  }

  func armTimer() {
    var end = state.sliceEnd
    let lender = Reference<Domain>(state.lender)
    if !lender.isNone { end = min(end, lender.object.lendUntil) }
    if state.served != 0 { end = min(end, state.serviceEnd) }
    machine.interrupt(at: end)
  }

  /// Takes `last` and all that lent after it off the chain; `none` takes all. Only `last` is told `reason`.
  func endLending(
    through last: Reference<Domain>, _ reason: RunReason, detail: UInt64 = 0, events: UInt64 = 0
  ) {
    while state.lender != 0 {
      let lender = Reference<Domain>(state.lender)
      state.lender = lender.object.lender
      lender.object.lentTo = 0
      lender.object.lender = 0
      lender.object.lendUntil = 0
      if lender == last { return comeBack(lender, reason, detail: detail, events: events) }
      comeBack(lender, .sliceEnded)
    }
  }

  /// Answers a `run`: words reason and detail, and as the badge the events that ended it.
  private func comeBack(
    _ lender: Reference<Domain>, _ reason: RunReason, detail: UInt64 = 0, events: UInt64 = 0
  ) {
    lender[x: 0] = Status.ok.rawValue
    lender[x: 1] = MessageInfo(label: 0, length: 2).word
    lender[x: 2] = reason.rawValue
    lender[x: 3] = detail
    lender[x: 8] = events
    makeReady(lender)
  }

  /// Why a Domain that cannot run cannot.
  private func standstill(_ domain: Reference<Domain>) -> (RunReason, detail: UInt64) {
    let state = domain.object.state
    let isFaulted =
      MessageFlags(rawValue: domain.object.messageFlags).contains(.isFault)
      || state == DomainState.inactive.rawValue && domain.object.faultKind != FaultKind.none.rawValue
    if isFaulted { return (.faulted, UInt64(domain.object.faultKind)) }
    return (state == DomainState.inactive.rawValue ? .stopped : .blocked, UInt64(state))
  }

  /// An event for a Domain that has lent its time: it gets it back.
  @inline(never)
  func interruptLending(_ lender: Reference<Domain>, events: UInt64) {
    giveBack(through: lender, .event, events: events, at: machine.now)
  }

  /// A Domain is stopped, or goes: what it lent, and what it runs on of what others lent, ends.
  func stopLending(by domain: Reference<Domain>) {
    endLending(through: domain, .stopped)
    changeAccount(at: machine.now)
    state.current = 0
  }

  func stopLending(to domain: Reference<Domain>) {
    var lender = Reference<Domain>(state.lender)
    while !lender.isNone {
      if lender.object.lentTo == domain.address { return stopLending(by: lender) }
      lender = Reference(lender.object.lender)
    }
  }
}
