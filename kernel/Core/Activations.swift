import KernelObjects

// A Domain that turns activations on chooses itself which of its threads runs: at the start of a slice, and when an
// event arrives, it goes on at its activation entry, and the context that this interrupted is saved in its control
// block.
//
// The block lies in the Domain's own memory. Each word of it is read once, and whatever it says, the Domain alone has
// to live with it: where it goes on, and which of its own contexts is overwritten.
extension Kernel {
  /// A ready Domain has a slice before it. What it did not collect of its events comes with the activation.
  @inline(__always)
  func beginSlice(of domain: Reference<Domain>) {
    // No more than this for a Domain without a control block.
    if domain.object.controlBlock.word0 != 0 { activateForSlice(domain) }
  }

  @inline(never)
  private func activateForSlice(_ domain: Reference<Domain>) {
    // A debugger that holds or steps it wants to see it go on where it is.
    guard isOn(domain), domain.object.hold == DomainHold.none.rawValue else { return }
    activate(domain, .sliceBegan)
  }

  /// The bound Notification of a ready Domain was signalled.
  ///
  /// - Returns: whether the Domain took it; otherwise it is left there.
  @inline(never)
  func activateForEvent(_ domain: Reference<Domain>) -> Bool {
    guard isReady(domain), isOn(domain), domain.object.hold == DomainHold.none.rawValue else {
      if let block = controlBlock(of: domain) { block.object.isPending = 1 }
      return false
    }
    activate(domain, .event)
    return true
  }

  /// - Returns: whether a Domain handles its own fault.
  @inline(never)
  func activateForFault(
    _ domain: Reference<Domain>, _ kind: FaultKind, address: UInt64, syndrome: UInt64
  ) -> Bool {
    guard let block = controlBlock(of: domain), isOn(domain),
      ActivationFlags(rawValue: block.object.flags).contains(.takesFaults)
    else { return false }
    block.object.faultKind = UInt64(kind.rawValue)
    block.object.faultAddress = address
    block.object.faultSyndrome = syndrome
    activate(domain, .fault)
    return true
  }

  private func controlBlock(of domain: Reference<Domain>) -> Reference<ControlBlock>? {
    let capability = domain.object.controlBlock.capability
    return capability.isA(.frame) ? Reference(capability.address) : nil
  }

  private func isOn(_ domain: Reference<Domain>) -> Bool { controlBlock(of: domain)?.object.isOn == 1 }

  /// Enters the activation of a ready Domain that has activations on.
  private func activate(_ domain: Reference<Domain>, _ reason: ActivationReason) {
    guard let block = controlBlock(of: domain) else { return }
    let events = hasBoundSignal(domain) ? takeBoundEvents(domain) : 0
    let reason = events == 0 ? reason : reason.union(.event)
    let index = block.object.saveIndex % ControlBlock.contextCount
    let context = context(index, of: block)
    context.object = domain.object.registers
    context.object.pstate = UserState.sanitized(domain.object.registers.pstate)
    block.object.savedIndex = index
    block.object.reason = reason.rawValue
    block.object.events = events
    block.object.isOn = 0
    domain.object.registers.pc = block.object.entry
    domain.object.registers.sp = block.object.stack
    domain.object.registers.pstate = HeldState.mark(0, of: domain)
    domain[x: 0] = reason.rawValue
    domain[x: 1] = events
    domain[x: 2] = index
  }

  /// The system call by which a Domain leaves its activation.
  func activationReturn(_ domain: Reference<Domain>) throws(Refusal) {
    guard let block = controlBlock(of: domain) else { throw Refusal(.notConfigured) }
    let index = domain[x: 0]
    guard index < ControlBlock.contextCount else {
      throw Refusal(.outOfRange, detail: ControlBlock.contextCount)
    }
    // What came in the meantime is told now: the next activation may be long in coming.
    if hasBoundSignal(domain) {
      let events = takeBoundEvents(domain)
      succeed(domain)
      domain[x: 8] = events
      return
    }
    let context = context(index, of: block)
    let pstate = UserState.sanitized(context.object.pstate)
    domain.object.registers = context.object
    domain.object.registers.pstate = HeldState.mark(pstate, of: domain)
    block.object.isOn = 1
  }

  private func context(_ index: UInt64, of block: Reference<ControlBlock>) -> Reference<RegisterFrame> {
    block.part(at: ControlBlock.contextOffset &+ index &* ControlBlock.contextStride)
  }

  func setControlBlock(_ domain: Reference<Domain>, _ context: InvocationContext) throws(Refusal) {
    let own = domain.slot(.controlBlock)
    guard context.word(0) != 0 else {
      detach(own)
      return
    }
    let source = try capabilityArgument(0, .frame, in: context)
    let capability = source.capability
    try require(Rights.read.union(.write), of: capability, argument: 1)
    // The kernel does not write to a device's memory, which may be no memory.
    guard !capability.isDevice else { throw Refusal(.invalidArgument, argument: 1) }
    let derived = try derive(capability, argument: 1)
    // No capability can be derived from it, and a Frame goes in one step.
    detach(own)
    install(derived, in: own, derivedFrom: source)
  }
}
