internal import GDBStub
internal import KernelArch
internal import KernelCore
internal import KernelObjects

// Domains that are held one by one. What the stub must remember of each is in the Domain itself, so that there may be
// any number of them.
extension KernelTarget {
  static var holdsThreads: Bool { true }

  func canHold(_ thread: ThreadID) -> Bool { thread != .processor }

  mutating func hold(_ thread: ThreadID, for reason: StopReason) -> Bool {
    // A processor that waits has nothing to be held.
    if thread == .processor { return isWaiting }
    guard isAlive(thread) else { return false }
    heldAt = nil
    let domain = Reference<Domain>(thread.domain)
    let held = HeldFor(reason, isTold: false)
    domain.object.holdReason = held.word
    domain.object.holdAddress = held.address
    kernel.hold(domain, as: .held)
    return true
  }

  func hold(of thread: ThreadID) -> ThreadHold? {
    guard thread != .processor, isAlive(thread) else { return nil }
    let domain = Reference<Domain>(thread.domain)
    guard domain.object.hold == DomainHold.held.rawValue else { return nil }
    return HeldFor(word: domain.object.holdReason, address: domain.object.holdAddress).hold
  }

  mutating func setTold(_ isTold: Bool, of thread: ThreadID) {
    guard let hold = hold(of: thread) else { return }
    Reference<Domain>(thread.domain).object.holdReason = HeldFor(hold.reason, isTold: isTold).word
  }

  mutating func release(_ thread: ThreadID, _ how: Resumption) {
    guard thread != .processor, isAlive(thread) else { return }
    let domain = Reference<Domain>(thread.domain)
    switch how {
    case .run: kernel.release(domain)
    case .step: kernel.hold(domain, as: .stepping)
    }
  }

  /// It has executed its one instruction, and is in the kernel or waits for something.
  func holdAfterStep(_ thread: ThreadID) { kernel.hold(Reference(thread.domain), as: .stepped) }

  /// The current domain was dispatched although it is held, and trapped.
  ///
  /// - Returns: whether it has come to the end of a step.
  mutating func meetHeldDomain() -> Bool {
    let domain = kernel.current
    switch DomainHold(rawValue: domain.object.hold) {
    case .stepping:
      kernel.release(domain)
      beginStepAlone()
    case .stepped: return true
    case .held: kernel.setCurrentAside()
    default: break
    }
    return false
  }
}

/// A stop reason in the words that a Domain has for it.
private struct HeldFor {
  let word: UInt32
  let address: UInt64

  private static var told: UInt32 { 1 << 31 }

  private enum Kind: UInt32 {
    case interrupt, request, breakpoint, hardwareBreakpoint, watchpoint, step, exception
  }

  init(word: UInt32, address: UInt64) {
    self.word = word
    self.address = address
  }

  init(_ reason: StopReason, isTold: Bool) {
    var detail: UInt8 = 0
    var address: UInt64 = 0
    let kind: Kind
    switch reason {
    case .interrupt: kind = .interrupt
    case .request: kind = .request
    case .breakpoint: kind = .breakpoint
    case .hardwareBreakpoint: kind = .hardwareBreakpoint
    case .watchpoint(let watchpoint, let place):
      kind = .watchpoint
      detail = watchpoint.rawValue
      address = place
    case .step: kind = .step
    case .exception(let signal):
      kind = .exception
      detail = signal.rawValue
    }
    word = kind.rawValue | UInt32(detail) << 8 | (isTold ? Self.told : 0)
    self.address = address
  }

  /// What is not among these words is a plain interrupt.
  var hold: ThreadHold { ThreadHold(reason: reason, isTold: word & Self.told != 0) }

  private var reason: StopReason {
    let detail = UInt8(truncatingIfNeeded: word >> 8)
    return switch Kind(rawValue: word & 0xff) {
    case .request: .request
    case .breakpoint: .breakpoint
    case .hardwareBreakpoint: .hardwareBreakpoint
    case .watchpoint: .watchpoint(HardwareBreakpoint(rawValue: detail) ?? .access, address: address)
    case .step: .step
    case .exception: .exception(Signal(rawValue: detail) ?? .trap)
    case .interrupt, nil: .interrupt
    }
  }
}
