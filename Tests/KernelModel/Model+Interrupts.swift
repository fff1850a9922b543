internal import HostedKernel
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
      if wasIdle { wakeFromIdle(handler) } else if handler != current { serve(irq, with: handler) }
    }
    settle()
  }

  /// The handler runs at once while its line has something left to take from others.
  private mutating func serve(_ irq: Int, with handler: ObjectName) {
    if sliceEnd == 0 {
      current = handler
      return
    }
    if service?.irq == irq { chargeService() }
    if now - lines[irq].window >= HostMachine.tickCounts {
      lines[irq].window = now
      lines[irq].spent = 0
    }
    lines[irq].isThrottled = lines[irq].spent >= lines[irq].budget
    if lines[irq].isThrottled { return }
    endService()
    service = Service(irq: irq, since: now, end: now + lines[irq].budget - lines[irq].spent)
    current = handler
    arm()
  }

  private mutating func chargeService() {
    guard let service else { return }
    lines[service.irq].spent += now - service.since
    self.service?.since = now
  }

  mutating func endService() {
    chargeService()
    service = nil
  }

  mutating func invokeIRQControl(_ invocation: Invocation, _ call: Call) throws(Refused) {
    guard call.words[0] < UInt64(lines.count) else {
      throw Refused(.outOfRange, argument: 1, detail: UInt64(lines.count))
    }
    let irq = Int(call.words[0])
    guard !lines[irq].isKernel else { throw Refused(.invalidArgument, argument: 1, detail: call.words[0]) }
    if invocation == .irqControlLimit {
      guard call.words[1] <= HostMachine.tickCounts else {
        throw Refused(.outOfRange, argument: 2, detail: HostMachine.tickCounts + 1)
      }
      lines[irq].budget = call.words[1]
      return
    }
    guard !lines[irq].isIssued else { throw Refused(.invalidArgument, argument: 1, detail: call.words[0]) }
    guard call.words[1] <= 1 else { throw Refused(.outOfRange, argument: 2, detail: 2) }
    let place = try destination(2, of: call)
    lines[irq].isIssued = true
    lines[irq].isThrottled = false
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
