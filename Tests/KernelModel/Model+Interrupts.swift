internal import KernelObjects

extension Model {
  /// A device's interrupt was taken.
  mutating func interrupt(_ irq: Int) {
    lines[irq].isMasked = true
    lines[irq].isMaskedAtController = true
    lines[irq].count += 1
    let wasIdle = current == nil
    if let capability = slots[.line(irq)],
      let handler = signal(capability.object, badge: capability.badge)
    {
      if wasIdle { wakeFromIdle(handler) } else { current = handler }
    }
    settle()
  }

  mutating func invokeIRQControl(_ call: Call) throws(Refused) {
    guard call.words[0] < UInt64(lines.count) else {
      throw Refused(.outOfRange, argument: 1, detail: UInt64(lines.count))
    }
    let irq = Int(call.words[0])
    guard !lines[irq].isIssued else { throw Refused(.invalidArgument, argument: 1, detail: call.words[0]) }
    guard call.words[1] <= 1 else { throw Refused(.outOfRange, argument: 2, detail: 2) }
    let place = try destination(2, of: call)
    lines[irq].isIssued = true
    lines[irq].isEdge = call.words[1] == 1
    lines[irq].isMasked = true
    lines[irq].isMaskedAtController = true
    install(.irqHandler, .line(irq), in: place, derivedFrom: call.capability.name)
  }

  mutating func invokeIRQHandler(_ invocation: Invocation, _ call: Call) throws(Refused) {
    let irq = -1 - call.capability.object.number
    switch invocation {
    case .irqHandlerBind:
      let source = try argument(0, .notification, of: call).capability
      try require(.write, of: source, argument: 1)
      clearBinding(of: irq)
      install(copyOf: source, in: .line(irq))
      unmask(irq)
    case .irqHandlerAck: unmask(irq)
    default: clearBinding(of: irq)
    }
  }

  /// A line that nobody is told of stays masked.
  private mutating func unmask(_ irq: Int) {
    guard slots[.line(irq)] != nil else { return }
    lines[irq].isMasked = false
    lines[irq].isMaskedAtController = false
  }

  mutating func clearBinding(of irq: Int) {
    lines[irq].isMasked = true
    lines[irq].isMaskedAtController = true
    delete(.line(irq))
  }

  mutating func invokeDebug(_ invocation: Invocation, _ call: Call) throws(Refused) {
    switch invocation {
    case .debugPutChar: console.append(UInt8(truncatingIfNeeded: call.words[0]))
    case .debugWrite:
      guard call.words[0] <= 40 else { throw Refused(.outOfRange, argument: 1, detail: 41) }
      let bytes = call.words.dropFirst().flatMap { word in (0..<8).map { word >> (8 * $0) } }
      console += bytes.prefix(Int(call.words[0])).map { UInt8(truncatingIfNeeded: $0) }
    default:
      let domain = try argument(0, .domain, of: call).capability.object
      domains[domain]?.name = (call.words[1], call.words[2])
    }
  }

  /// The running program did what it may not.
  mutating func fault(_ kind: FaultKind, address: UInt64, syndrome: UInt64) {
    if let current { report(kind, of: current, address: address, syndrome: syndrome) }
    settle()
  }
}
