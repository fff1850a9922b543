public import KernelObjects

// A debugger may keep a Domain from executing while everything else goes on. Whatever makes a Domain ready or current
// need not know: the Domain's saved program status has PSTATE.IL set, so that it traps before its first instruction,
// whoever dispatched it (Arm ARM, D1.3.4, "The Illegal Execution state"), and is set aside then. No path of the kernel
// pays for this.
extension Kernel {
  /// Keeps a Domain from executing: it is marked, and trapped when it is dispatched.
  public func hold(_ domain: Reference<Domain>, as hold: DomainHold) {
    changeHold(of: domain) {
      domain.object.hold = hold.rawValue
      domain.object.registers.pstate |= HeldState.illegalExecution
      // One that was set aside is trapped once more if it is to do more than to wait.
      if hold != .held { takeBack(domain) }
    }
  }

  /// Lets a held Domain execute again, when it can.
  public func release(_ domain: Reference<Domain>) {
    changeHold(of: domain) {
      domain.object.hold = DomainHold.none.rawValue
      domain.object.registers.pstate &= ~HeldState.illegalExecution
      takeBack(domain)
    }
  }

  /// The current Domain was trapped by its mark: others run.
  public func setCurrentAside() {
    enter()
    current.object.state = DomainState.held.rawValue
    leave()
  }

  private func takeBack(_ domain: Reference<Domain>) {
    if domain.object.state == DomainState.held.rawValue { domain.object.state = DomainState.ready.rawValue }
  }

  /// A debugger acts between two entries, or in the middle of one, which then goes on to its own end.
  private func changeHold(of domain: Reference<Domain>, _ change: () -> Void) {
    guard state.epoch & 1 == 0 else { return change() }
    enter()
    change()
    leave()
  }
}

/// The mark of a held Domain in its saved program status.
public enum HeldState {
  /// IL, which no Domain can have otherwise (SPSR_EL1; Arm ARM, C5.2.20).
  public static var illegalExecution: UInt64 { 1 << 20 }

  /// What a user may write as the status of a Domain, with the mark if it is held.
  static func mark(_ pstate: UInt64, of domain: Reference<Domain>) -> UInt64 {
    domain.object.hold == DomainHold.none.rawValue ? pstate : pstate | illegalExecution
  }
}
