import KernelObjects

extension Kernel {
  /// A device's interrupt was taken: its line is masked and its Notification signalled. The handler runs at once, as
  /// long as the line's budget lets it.
  @discardableResult
  public func handleInterrupt(_ irq: UInt64) -> ResumedFrame {
    enter()
    deliver(irq: irq)
    return leave()
  }

  private func deliver(irq: UInt64) {
    machine.mask(irq: irq)
    guard irq < KernelState.irqCount else { return }
    line(irq).object.count &+= 1
    line(irq).object.flags |= IRQFlags.masked.rawValue
    let capability = irqSlot(irq).capability
    guard capability.isA(.notification) else { return }
    let handler = signal(Reference<Notification>(capability.address), badge: capability.badge)
    // Who was given back time that it had lent has it already.
    if handler.isNone || handler == current { return }
    if state.current == 0 {
      wakeFromIdle(handler)
    } else {
      serve(line(irq), with: handler)
    }
  }

  func invokeIRQControl(_ context: InvocationContext) throws(Refusal) {
    switch context.label {
    case Invocation.irqControlGet.rawValue: try getHandler(context)
    case Invocation.irqControlLimit.rawValue: try limitLine(context)
    default: throw context.noSuchInvocation
    }
  }

  private func getHandler(_ context: InvocationContext) throws(Refusal) {
    let irq = context.word(0)
    guard irq < KernelState.irqCount else {
      throw Refusal(.outOfRange, argument: 1, detail: KernelState.irqCount)
    }
    let flags = IRQFlags(rawValue: line(irq).object.flags)
    guard flags.isDisjoint(with: IRQFlags.issued.union(.kernel)) else {
      throw Refusal(.invalidArgument, argument: 1, detail: irq)
    }
    let trigger = context.word(1)
    guard trigger <= 1 else { throw Refusal(.outOfRange, argument: 2, detail: 2) }
    let destination = try destinationArgument(2, in: context)
    let edge: IRQFlags = trigger == 1 ? .edge : IRQFlags()
    line(irq).object.flags = edge.union(.issued).union(.masked).rawValue
    machine.mask(irq: irq)
    machine.configure(irq: irq, isEdge: trigger == 1)
    install(Capability(type: .irqHandler, word1: irq), in: destination, derivedFrom: context.slot)
  }

  /// All but `irqHandlerAck`, which cannot be refused.
  func invokeIRQHandler(_ context: InvocationContext) throws(Refusal) {
    let irq = context.capability.irq
    switch context.label {
    case Invocation.irqHandlerBind.rawValue:
      let source = try capabilityArgument(0, .notification, in: context)
      try require(.write, of: source.capability, argument: 1)
      try clearBinding(irq, for: context.caller, lookUps: 2)
      if source.capability.isNull { return }
      install(source.capability, in: irqSlot(irq), derivedFrom: source)
      unmask(irq)
    case Invocation.irqHandlerClear.rawValue: try clearBinding(irq, for: context.caller, lookUps: 1)
    default: throw context.noSuchInvocation
    }
  }

  @inline(__always)
  private func irqSlot(_ irq: UInt64) -> Reference<Slot> {
    // The Notification slot is an entry's first field.
    line(irq).part(at: 0)
  }

  /// A line without a bound Notification stays masked: nobody would acknowledge it.
  @inline(__always)
  func unmask(_ irq: UInt64) {
    guard irqSlot(irq).capability.isA(.notification) else { return }
    line(irq).object.flags &= ~IRQFlags.masked.rawValue
    machine.unmask(irq: irq)
  }

  private func clearBinding(_ irq: UInt64, for caller: Reference<Domain>, lookUps: UInt64) throws(Refusal) {
    maskLine(irq)
    try delete(irqSlot(irq), for: caller, lookUps: lookUps)
  }

  private func maskLine(_ irq: UInt64) {
    machine.mask(irq: irq)
    line(irq).object.flags |= IRQFlags.masked.rawValue
  }

  func releaseIRQ(_ irq: UInt64) {
    maskLine(irq)
    detach(irqSlot(irq))
    line(irq).object.flags = 0
  }
}
