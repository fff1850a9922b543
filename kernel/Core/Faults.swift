public import KernelObjects

// A fault becomes a call by the kernel in the Domain's name to its fault endpoint. The Domain's registers stay as
// they were: the message is made of what the fault left behind.
extension Kernel {
  /// The current Domain did what it may not.
  ///
  /// - Parameters:
  ///   - kind: what it did.
  ///   - address: FAR_EL1.
  ///   - syndrome: ESR_EL1.
  /// - Returns: whose registers to continue with.
  @discardableResult
  @inline(__always)
  public func handleFault(_ kind: FaultKind, address: UInt64, syndrome: UInt64) -> ResumedFrame {
    fastFault(kind, address: address, syndrome: syndrome)
  }

  /// As `handleFault`, without the short way.
  @discardableResult
  @inline(never)
  public func handleFaultInSteps(_ kind: FaultKind, address: UInt64, syndrome: UInt64) -> ResumedFrame {
    enter()
    if state.current != 0 { report(kind, of: current, address: address, syndrome: syndrome) }
    return leave()
  }

  func report(_ kind: FaultKind, of domain: Reference<Domain>, address: UInt64, syndrome: UInt64) {
    if domain.object.controlBlock.word0 != 0,
      activateForFault(domain, kind, address: address, syndrome: syndrome)
    {
      return
    }
    domain.object.faultKind = kind.rawValue
    domain.object.faultAddress = address
    domain.object.faultSyndrome = syndrome
    let capability = domain.slot(.faultEndpoint).capability
    guard capability.isA(.endpoint) else {
      stopFaulted(domain)
      return
    }
    sendFault(of: domain, to: capability)
  }

  /// A Domain whose fault nobody handles does not run on. Its `faultKind` tells the debugger why.
  func stopFaulted(_ domain: Reference<Domain>) {
    domain.object.state = DomainState.inactive.rawValue
    domain.object.blockedOn = 0
    domain.object.messageFlags = 0
    if state.current == domain.address { state.current = 0 }
  }

  /// Label: `FaultKind`; words: program counter, fault address, syndrome, stack pointer, program status.
  @inline(__always)
  func writeFaultMessage(of domain: Reference<Domain>, to receiver: Reference<Domain>) {
    receiver[x: 0] = Status.ok.rawValue
    receiver[x: 1] = MessageInfo(label: UInt64(domain.object.faultKind), length: 5).word
    receiver[x: 2] = domain.object.registers.pc
    receiver[x: 3] = domain.object.faultAddress
    receiver[x: 4] = domain.object.faultSyndrome
    receiver[x: 5] = domain.object.registers.sp
    receiver[x: 6] = domain.object.registers.pstate
  }

  /// Does what the handler's answer asks for.
  func answerFault(of domain: Reference<Domain>, by handler: Reference<Domain>) throws(Refusal) {
    let info = MessageInfo(word: handler[x: 1])
    switch info.label {
    case FaultAnswer.resume.rawValue: break
    case FaultAnswer.resumeWithRegisters.rawValue:
      try takeRegisters(of: domain, from: handler, length: info.length)
    default: return stopFaulted(domain)
    }
    domain.object.faultKind = FaultKind.none.rawValue
    makeReady(domain)
  }

  private func takeRegisters(of domain: Reference<Domain>, from handler: Reference<Domain>, length: UInt64)
    throws(Refusal)
  {
    let mask = handler[x: 2]
    let limit: UInt64 = 1 &<< UInt64(RegisterFrame.count)
    guard mask < limit else { throw Refusal(.outOfRange, argument: 1, detail: limit) }
    let count = UInt64(truncatingIfNeeded: mask.nonzeroBitCount)
    guard count &+ 1 == length else { throw Refusal(.invalidArgument, argument: 1, detail: count) }
    try forEachRegister(in: mask, of: handler) { number, value, argument throws(Refusal) in
      try checkAnswer(number, value, argument)
    }
    try forEachRegister(in: mask, of: handler) { number, value, _ throws(Refusal) in
      let isStatus = number == RegisterFrame.pstateIndex
      domain.word(Int(truncatingIfNeeded: number)).object =
        isStatus ? HeldState.mark(value, of: domain) : value
    }
  }

  /// The chosen registers' numbers with the words of `handler`'s message that are their values.
  @inline(__always)
  private func forEachRegister(
    in mask: UInt64, of handler: Reference<Domain>,
    _ body: (_ number: UInt64, _ value: UInt64, _ argument: UInt64) throws(Refusal) -> Void
  ) throws(Refusal) {
    var left = mask
    var argument: UInt64 = 2
    while left != 0 {
      let value = handler[x: Int(truncatingIfNeeded: argument &+ 1)]
      try body(UInt64(truncatingIfNeeded: left.trailingZeroBitCount), value, argument)
      left &= left &- 1
      argument &+= 1
    }
  }

  private func checkAnswer(_ number: UInt64, _ value: UInt64, _ argument: UInt64) throws(Refusal) {
    switch number {
    case RegisterFrame.pcIndex:
      guard value & 3 == 0 else { throw Refusal(.misaligned, argument: argument, detail: 4) }
    case RegisterFrame.pstateIndex:
      let foreign = value & ~UserState.flags
      guard foreign == 0 else { throw Refusal(.invalidArgument, argument: argument, detail: foreign) }
    default: break
    }
  }
}
