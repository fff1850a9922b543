import KernelObjects

extension Kernel {
  /// The current Domain made a system call; arguments and results are in its registers.
  public func handleSystemCall() {
    enter()
    let caller = current
    if !caller.isNone { dispatch(caller) }
    leave()
  }

  @inline(__always)
  private func dispatch(_ caller: Reference<Domain>) {
    let number = caller[x: 8]
    guard let call = SystemCall(rawValue: number) else {
      report(.unknownSystemCall, of: caller, address: caller.object.registers.pc, syndrome: number)
      return
    }
    do throws(Refusal) {
      try perform(call, by: caller)
    } catch {
      refuse(error, caller)
    }
  }

  @inline(__always)
  private func perform(_ call: SystemCall, by caller: Reference<Domain>) throws(Refusal) {
    switch call {
    case .call, .send, .nonBlockingSend:
      try send(by: caller, isCall: call == .call, isBlocking: call != .nonBlockingSend)
    case .receive, .nonBlockingReceive: try receive(by: caller, isBlocking: call == .receive)
    case .reply:
      try reply(through: caller.slot(.caller), by: caller)
      succeed(caller)
    case .replyReceive: try replyReceive(by: caller)
    case .yield:
      succeed(caller)
      yield()
    }
  }

  /// Whatever the capability names: a message to an endpoint, a signal, an answer, or an object's invocation.
  @inline(__always)
  private func send(by caller: Reference<Domain>, isCall: Bool, isBlocking: Bool) throws(Refusal) {
    let slot = try lookUpSlot(caller[x: 0], in: caller)
    let capability = slot.capability
    switch capability.type {
    case .endpoint:
      try send(capability, from: caller, isCall: isCall, isBlocking: isBlocking)
    case .notification:
      try require(.write, of: capability)
      _ = signal(Reference(capability.address), badge: capability.badge)
      succeed(caller)
    case .reply:
      try reply(through: slot, by: caller)
      succeed(caller)
    case .null, .zombie:
      throw Refusal(.invalidCapability, detail: 64)
    default:
      // A refusal must be told, and only a call has an answer.
      guard isCall else { throw Refusal(.wrongType, detail: UInt64(capability.rawType)) }
      try invoke(InvocationContext(caller: caller, slot: slot, capability: capability))
    }
  }

  @inline(__always)
  private func receive(by caller: Reference<Domain>, isBlocking: Bool) throws(Refusal) {
    let capability = try lookUpSlot(caller[x: 0], in: caller).capability
    switch capability.type {
    case .endpoint: try receive(capability, by: caller, isBlocking: isBlocking)
    case .notification: try wait(capability, by: caller, isBlocking: isBlocking)
    case .null, .zombie: throw Refusal(.invalidCapability, detail: 64)
    default: throw Refusal(.wrongType, detail: UInt64(capability.rawType))
    }
  }

  /// Answers the last caller, gives it its slice back, and waits for the next.
  private func replyReceive(by server: Reference<Domain>) throws(Refusal) {
    let capability = try lookUp(.endpoint, server[x: 0], in: server, argument: 0).capability
    try require(.read, of: capability)
    let slot = server.slot(.caller)
    guard !slot.capability.isNull else {
      try receive(capability, by: server, isBlocking: true)
      return
    }
    let answered = Reference<Domain>(slot.capability.address)
    try reply(through: slot, by: server)
    try receive(capability, by: server, isBlocking: true)
    if isReady(answered) { state.current = answered.address }
  }

  @inline(__always)
  private func invoke(_ context: InvocationContext) throws(Refusal) {
    let label = MessageInfo(word: context.caller[x: 1]).label
    guard let invocation = Invocation(rawValue: label), invocation.objectType == context.capability.rawType
    else {
      throw Refusal(.invalidInvocation, detail: label)
    }
    succeed(context.caller)
    switch context.capability.type {
    case .untyped: try invokeUntyped(invocation, context)
    case .cnode: try invokeCNode(invocation, context)
    case .domain: try invokeDomain(invocation, context)
    case .protectionDomain: try invokeProtectionDomain(invocation, context)
    case .segment: try invokeSegment(invocation, context)
    case .frame: try invokeFrame(invocation, context)
    case .timeSlice: try invokeTimeSlice(invocation, context)
    case .irqControl: try invokeIRQControl(invocation, context)
    case .irqHandler: try invokeIRQHandler(invocation, context)
    case .debug: try invokeDebug(invocation, context)
    default: throw Refusal(.invalidInvocation, detail: label)
    }
  }

  /// Success without words; an invocation that returns some writes them afterwards.
  @inline(__always)
  private func succeed(_ caller: Reference<Domain>) {
    caller[x: 0] = Status.ok.rawValue
    caller[x: 1] = 0
  }

  private func refuse(_ refusal: Refusal, _ caller: Reference<Domain>) {
    caller[x: 0] = refusal.status.rawValue
    caller[x: 1] = MessageInfo(label: 0, length: 2).word
    caller[x: 2] = refusal.argument
    caller[x: 3] = refusal.detail
  }
}
