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

  /// The handler's answer: label 0 goes on where it stopped; any other label leaves it stopped.
  func resumeFaulted(_ domain: Reference<Domain>, asToldBy handler: Reference<Domain>, label: UInt64) {
    if label == 0 {
      domain.object.faultKind = FaultKind.none.rawValue
      makeReady(domain)
    } else {
      stopFaulted(domain)
    }
  }
}
