import KernelObjects

extension Kernel {
  func invokeDomain(_ context: InvocationContext) throws(Refusal) {
    let domain = Reference<Domain>(context.capability.address)
    switch context.label {
    case Invocation.domainConfigure.rawValue: try configure(domain, context)
    case Invocation.domainStart.rawValue: try start(domain, context)
    case Invocation.domainSuspend.rawValue: suspend(domain)
    case Invocation.domainResume.rawValue: try resume(domain)
    case Invocation.domainReadRegisters.rawValue: try readRegisters(domain, context)
    case Invocation.domainWriteRegisters.rawValue: try writeRegisters(domain, context)
    case Invocation.domainBindNotification.rawValue: try bindNotification(domain, context)
    case Invocation.domainSetName.rawValue: setName(domain, context.word(0), context.word(1))
    case Invocation.domainRun.rawValue: try run(domain, context)
    case Invocation.domainSetControlBlock.rawValue: try setControlBlock(domain, context)
    default: throw context.noSuchInvocation
    }
  }

  private func configure(_ domain: Reference<Domain>, _ context: InvocationContext) throws(Refusal) {
    try clearGrave(for: context.caller)
    let cnode = try capabilityArgument(0, .cnode, in: context)
    let protectionDomain = try capabilityArgument(1, .protectionDomain, in: context)
    guard domain != context.caller else { throw Refusal(.invalidArgument) }
    var fault = Reference<Slot>.none
    if context.word(2) != 0 {
      fault = try capabilityArgument(2, .endpoint, in: context)
      try require(.write, of: fault.capability, argument: 3)
    }
    // All that can be left unfinished comes first, and finds nothing left to do when it is done again.
    var budget = workBudget(for: context.caller, lookUps: 4)
    try discard(domain.slot(.faultEndpoint), &budget)
    try discard(domain.slot(.protectionDomain), &budget)
    try discard(domain.slot(.cnodeRoot), &budget)
    place(.cnode, cnode, in: domain.slot(.cnodeRoot), context)
    place(.protectionDomain, protectionDomain, in: domain.slot(.protectionDomain), context)
    if !fault.isNone { place(.endpoint, fault, in: domain.slot(.faultEndpoint), context) }
    // What is left then, the clock goes on with.
    if !budget.isSpent { destroySome(within: &budget) }
  }

  /// Puts a copy of `source`'s capability into one of a Domain's own slots.
  private func place(
    _ type: CapabilityType, _ source: Reference<Slot>, in own: Reference<Slot>, _ context: InvocationContext
  ) {
    // What was there may have been the last hold on the source, or on the Domain itself.
    guard source.capability.isA(type), context.slot.capability.isA(.domain) else { return }
    install(source.capability, in: own, derivedFrom: source)
  }

  private func start(_ domain: Reference<Domain>, _ context: InvocationContext) throws(Refusal) {
    guard isConfigured(domain) else { throw Refusal(.notConfigured) }
    guard domain != context.caller else { throw Refusal(.invalidArgument) }
    suspend(domain)
    domain.object.registers.pc = context.word(0)
    domain.object.registers.sp = context.word(1)
    domain[x: 0] = context.word(2)
    domain[x: 1] = context.word(3)
    domain[x: 2] = context.word(4)
    domain.object.registers.pstate = HeldState.mark(0, of: domain)
    makeReady(domain)
  }

  private func resume(_ domain: Reference<Domain>) throws(Refusal) {
    guard isConfigured(domain) else { throw Refusal(.notConfigured) }
    if domain.object.state == DomainState.inactive.rawValue { makeReady(domain) }
  }

  func isConfigured(_ domain: Reference<Domain>) -> Bool {
    domain.object.cnodeRoot.capability.isA(.cnode)
      && domain.object.protectionDomain.capability.isA(.protectionDomain)
  }

  private func readRegisters(_ domain: Reference<Domain>, _ context: InvocationContext) throws(Refusal) {
    let first = context.word(0)
    let limit = try endOfRegisters(from: first)
    // The answer would be read from registers that it is being written to.
    guard domain != context.caller else { throw Refusal(.invalidArgument) }
    let count = min(6, limit &- first)
    let registers = registers(from: first, of: domain)
    let caller = context.caller
    for index in 0..<count {
      caller[x: Int(truncatingIfNeeded: index &+ 2)] = registers[first &+ index].object
    }
    let pstate = RegisterFrame.pstateIndex
    if first <= pstate, pstate < first &+ count {
      // The mark of a debugger is none of the Domain's registers.
      let index = Int(truncatingIfNeeded: pstate &- first &+ 2)
      caller[x: index] = UserState.sanitized(caller[x: index])
    }
    caller[x: 1] = MessageInfo(label: 0, length: count).word
  }

  private func writeRegisters(_ domain: Reference<Domain>, _ context: InvocationContext) throws(Refusal) {
    let first = context.word(0)
    let count = context.word(1)
    let limit = try endOfRegisters(from: first)
    guard count >= 1 && count <= 4 && first &+ count <= limit else {
      throw Refusal(.outOfRange, argument: 2, detail: min(5, limit &- first &+ 1))
    }
    guard domain != context.caller else { throw Refusal(.invalidArgument) }
    let registers = registers(from: first, of: domain)
    for index in 0..<count {
      registers[first &+ index].object = context.word(Int(truncatingIfNeeded: index &+ 2))
    }
    let pstate = UserState.sanitized(domain.object.registers.pstate)
    domain.object.registers.pstate = HeldState.mark(pstate, of: domain)
  }

  /// The number behind the last register of the kind that `first` is of: general, or floating-point.
  @inline(never)
  private func endOfRegisters(from first: UInt64) throws(Refusal) -> UInt64 {
    let general = UInt64(RegisterFrame.count)
    let floatingPoint = FloatingPointState.registers
    if first < general { return general }
    guard first >= floatingPoint.lowerBound else { throw Refusal(.outOfRange, argument: 1, detail: general) }
    let end = floatingPoint.upperBound
    guard first < end else { throw Refusal(.outOfRange, argument: 1, detail: end) }
    return end
  }

  /// A table in which register `first` and its like are at their numbers.
  @inline(never)
  private func registers(from first: UInt64, of domain: Reference<Domain>) -> Reference<UInt64> {
    if first < UInt64(RegisterFrame.count) { return Reference<UInt64>(domain.address) }
    takeFloatingPoint(from: domain)
    return domain.part(at: Domain.floatingPointOffset &- FloatingPointState.registers.lowerBound &* 8)
  }

  private func bindNotification(_ domain: Reference<Domain>, _ context: InvocationContext) throws(Refusal) {
    if context.word(0) == 0 {
      unbindNotification(domain)
      return
    }
    let capability = try capabilityArgument(0, .notification, in: context).capability
    try require(.read, of: capability, argument: 1)
    let notification = Reference<Notification>(capability.address)
    guard notification.object.boundDomain == 0, notification.waiters.isEmpty else {
      throw Refusal(.alreadyMapped, argument: 1)
    }
    unbindNotification(domain)
    notification.object.boundDomain = domain.address
    domain.object.boundNotification = notification.address
  }

  private func unbindNotification(_ domain: Reference<Domain>) {
    if domain.object.boundNotification == 0 { return }
    Reference<Notification>(domain.object.boundNotification).object.boundDomain = 0
    domain.object.boundNotification = 0
  }

  func setName(_ domain: Reference<Domain>, _ low: UInt64, _ high: UInt64) {
    let name: Reference<UInt64> = domain.part(at: Domain.nameOffset)
    name[0].object = low.littleEndian
    name[1].object = high.littleEndian
  }
}

/// What a user may have in its saved program status.
enum UserState {
  /// Condition flags only: EL0, AArch64, no masks (SPSR_EL1; Arm ARM, C5.2.20).
  static var flags: UInt64 { 0xf000_0000 }

  static func sanitized(_ pstate: UInt64) -> UInt64 { pstate & flags }
}

// MARK: states

extension Kernel {
  func isReady(_ domain: Reference<Domain>) -> Bool {
    domain.object.state == DomainState.ready.rawValue
  }

  @inline(__always)
  func makeReady(_ domain: Reference<Domain>) {
    domain.object.state = DomainState.ready.rawValue
    domain.object.blockedOn = 0
    domain.object.messageFlags = 0
  }

  /// `domain` is about to be queued on the object at `address`.
  @inline(__always)
  func block(_ domain: Reference<Domain>, _ state: DomainState, on address: UInt64) {
    domain.object.state = state.rawValue
    domain.object.blockedOn = address
  }

  /// Ends a blocking system call of `domain` with `status`.
  @inline(__always)
  func wake(_ domain: Reference<Domain>, with status: Status) {
    domain[x: 0] = status.rawValue
    domain[x: 1] = 0
    makeReady(domain)
  }

  /// Takes `domain` off whatever it waits for and stops it.
  func suspend(_ domain: Reference<Domain>) {
    switch DomainState(rawValue: domain.object.state) {
    case .blockedOnSend:
      remove(sender: domain, from: Reference(domain.object.blockedOn))
    case .blockedOnReceive:
      Reference<Endpoint>(domain.object.blockedOn).receivers.remove(domain)
    case .blockedOnNotification:
      Reference<Notification>(domain.object.blockedOn).waiters.remove(domain)
    case .lending: stopLending(by: domain)
    case .blockedOnReply:
      // Who runs on its time gives it back.
      if runner(for: domain) == current { state.current = 0 }
    default: break
    }
    let wasCalling = domain.object.state == DomainState.blockedOnReply.rawValue
    domain.object.state = DomainState.inactive.rawValue
    domain.object.blockedOn = 0
    domain.object.messageFlags = 0
    domain.object.servedBy = 0
    if wasCalling { dropReply(to: domain) }
    if state.current == domain.address { state.current = 0 }
  }

  /// Undoes all that ties a Domain to other objects; its own slots are emptied by its zombie.
  func destroyDomain(_ domain: Reference<Domain>) {
    suspend(domain)
    stopLending(to: domain)
    dropReply(to: domain)
    unbindNotification(domain)
    unbindSlices(of: domain)
    if state.rootDomain == domain.address { state.rootDomain = 0 }
    if state.floatingPointOwner == domain.address { state.floatingPointOwner = 0 }
  }
}
