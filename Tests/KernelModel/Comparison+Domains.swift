internal import HostedKernel
internal import KernelCore
internal import KernelObjects

extension Comparison {
  func compare(_ value: DomainValue, _ name: ObjectName, _ model: Model) throws(Difference) {
    let domain = Reference<Domain>(model.addresses[name] ?? 0)
    try compareRegisters(value, name, domain)
    let (state, blockedOn) = expectedState(value.activity, model)
    try expect(
      domain.object.state == state.rawValue,
      "domain \(name.number) is \(domain.object.state), not \(state.name)")
    try expect(domain.object.blockedOn == blockedOn, "domain \(name.number) is blocked elsewhere")
    try expect(
      domain.object.faultKind == value.faultKind.rawValue && domain.object.faultAddress == value.faultAddress
        && domain.object.faultSyndrome == value.faultSyndrome, "domain \(name.number): fault")
    try expect(
      domain.object.boundNotification == value.boundNotification.flatMap { model.addresses[$0] } ?? 0,
      "domain \(name.number): bound notification")
    try expect(
      domain.object.servedBy == model.server(of: name).flatMap { model.addresses[$0] } ?? 0,
      "domain \(name.number) is served by another")
    try compareSending(value, name, domain)
    let words: Reference<UInt64> = domain.part(at: Domain.nameOffset)
    try expect((words[0].object, words[1].object) == value.name, "domain \(name.number): name")
    try expect(domain.object.ticks == value.ticks, "domain \(name.number): ticks")
  }

  private func compareRegisters(_ value: DomainValue, _ name: ObjectName, _ domain: Reference<Domain>)
    throws(Difference)
  {
    let registers: Reference<UInt64> = domain.part(at: 0)
    for (index, word) in value.registers.enumerated() {
      let found = registers[UInt64(index)].object
      try expect(
        found == word,
        "register \(index) of domain \(name.number) is 0x\(hex(found)), by the model 0x\(hex(word))")
    }
    for (index, word) in value.floatingPoint.enumerated() {
      let found = hosted.floatingPoint(index, of: domain)
      try expect(
        found == word,
        "floating-point word \(index) of domain \(name.number) is 0x\(hex(found)), by the model 0x\(hex(word))"
      )
    }
  }

  private func expectedState(_ activity: Activity, _ model: Model) -> (DomainState, UInt64) {
    let object: ObjectName? =
      switch activity {
      case .sending(let endpoint), .receiving(let endpoint): endpoint
      case .waiting(let notification): notification
      default: nil
      }
    return (activity.state, object.flatMap { model.addresses[$0] } ?? 0)
  }

  private func compareSending(_ value: DomainValue, _ name: ObjectName, _ domain: Reference<Domain>)
    throws(Difference)
  {
    let isSending = if case .sending = value.activity { true } else { false }
    guard isSending || value.activity == .awaitingReply else { return }
    var flags = MessageFlags()
    if value.sending.isCall { flags.insert(.isCall) }
    if value.sending.mayGrant { flags.insert(.canGrant) }
    if value.sending.isFault { flags.insert(.isFault) }
    try expect(domain.object.messageFlags == flags.rawValue, "domain \(name.number) sends in another way")
    if isSending {
      try expect(domain.object.sendBadge == value.sending.badge, "domain \(name.number) sends another badge")
    }
  }

  func compareQueues(_ model: Model) throws(Difference) {
    for (name, value) in model.endpoints {
      let endpoint = Reference<Endpoint>(model.addresses[name] ?? 0).object
      try compareQueue(endpoint.sendHead, endpoint.sendTail, value.senders, "senders", name, model)
      try compareQueue(
        endpoint.receiveHead, endpoint.receiveTail, value.receivers, "receivers", name, model)
    }
    for (name, value) in model.notifications {
      let notification = Reference<Notification>(model.addresses[name] ?? 0).object
      try compareQueue(
        notification.waitHead, notification.waitTail, value.waiters, "waiters", name, model)
      try expect(notification.pending == value.pending, "notification \(name.number): pending signals")
      try expect(
        notification.boundDomain == value.bound.flatMap { model.addresses[$0] } ?? 0,
        "notification \(name.number) is bound to another domain")
    }
  }

  private func compareQueue(
    _ head: UInt64, _ tail: UInt64, _ expected: [ObjectName], _ what: String, _ name: ObjectName,
    _ model: Model
  ) throws(Difference) {
    var next = head
    var previous: UInt64 = 0
    for domain in expected {
      try expect(next == model.addresses[domain], "\(what) of \(name.number)")
      try expect(
        Reference<Domain>(next).object.queuePrevious == previous, "\(what) of \(name.number): links")
      previous = next
      next = Reference<Domain>(next).object.queueNext
    }
    try expect(next == 0 && tail == previous, "\(what) of \(name.number): more, or another tail")
  }

  func compareTime(_ model: Model) throws(Difference) {
    let state = hosted.state
    var bound: [ObjectName: UInt32] = [:]
    let vector = Reference<SliceEntry>(state.address + KernelState.slicesOffset)
    for (index, domain) in model.vector.enumerated() {
      let entry = vector[UInt64(index)].object
      try expect(
        entry.domain == domain.flatMap { model.addresses[$0] } ?? 0, "slice \(index) is another domain's")
      try expect(entry.ticks == model.vectorTicks[index], "slice \(index): ticks")
      if let domain { bound[domain, default: 0] += 1 }
    }
    for name in model.domains.keys {
      let count = Reference<Domain>(model.addresses[name] ?? 0).object.boundSlices
      try expect(count == bound[name, default: 0], "domain \(name.number) counts \(count) slices")
    }
    try expect(
      state.object.current == model.current.flatMap { model.addresses[$0] } ?? 0, "another domain runs")
    try expect(state.object.currentSlice == UInt64(model.currentSlice), "the current slice")
    try expect(state.object.ticks == model.ticks, "the ticks")
    try expect(state.object.sliceEnd == model.sliceEnd, "the end of the slice")
    let lines = state.address + KernelState.irqsOffset
    let served = model.service.map { Reference<IRQEntry>(lines)[UInt64($0.irq)].address } ?? 0
    try expect(
      state.object.served == served && state.object.servedSince == model.service?.since ?? 0
        && state.object.serviceEnd == model.service?.end ?? 0, "another line is served")
    try expect(model.sliceEnd == 0 || hosted.machine.deadline == model.deadline, "the timer")
    try compareLending(model, Reference<Domain>(state.object.lender))
    let root = model.activeProtectionDomain.flatMap { model.addresses[$0] } ?? state.object.emptyRoot
    try expect(
      state.object.activeRoot == root && hosted.machine.activeRoot == root, "the active translation root")
    try compareASIDs(model)
  }

  private func compareASIDs(_ model: Model) throws(Difference) {
    let expected = model.protectionDomains.values.reduce(1 as UInt64) { $0 | 1 << $1 }
    let taken = Reference<UInt64>(hosted.state.address + KernelState.asidsOffset).object
    try expect(taken == expected, "taken address space identifiers \(hex(taken))")
  }

  /// A thorough comparison is of all lines, not only of those that operations choose.
  func compareLines(_ model: Model, isThorough: Bool) throws(Difference) {
    let lines = Reference<IRQEntry>(hosted.state.address + KernelState.irqsOffset)
    for irq in isThorough ? 0..<model.lines.count : Environment.lines {
      let value = model.lines[irq]
      let entry = lines[UInt64(irq)].object
      let budget = entry.limit == 0 ? HostMachine.tickCounts / 10 : UInt64(entry.limit) - 1
      var flags = IRQFlags()
      if value.isIssued { flags.insert(.issued) }
      if value.isKernel { flags.insert(.kernel) }
      if value.isEdge { flags.insert(.edge) }
      if value.isMasked { flags.insert(.masked) }
      if value.isThrottled { flags.insert(.throttled) }
      try expect(entry.flags == flags.rawValue && entry.count == value.count, "interrupt line \(irq)")
      try expect(
        budget == value.budget && entry.spent == value.spent && entry.window == value.window,
        "interrupt line \(irq): budget")
      try expect(
        hosted.machine.masked.contains(UInt64(irq)) == value.isMaskedAtController,
        "interrupt line \(irq) is masked, or not")
      if slotIsEmpty(irq, model) {
        try expect(entry.notification.word0 == 0, "interrupt line \(irq) is bound")
      }
    }
  }

  private func slotIsEmpty(_ irq: Int, _ model: Model) -> Bool { model.slots[.line(irq)] == nil }

  private func compareLending(_ model: Model, _ innermost: Reference<Domain>) throws(Difference) {
    var lender = innermost
    for lending in model.lendings.reversed() {
      try expect(lender.address == model.addresses[lending.lender] ?? 0, "another domain lends")
      try expect(
        lender.object.lentTo == model.addresses[lending.borrower] ?? 0
          && lender.object.lendUntil == lending.until, "time is lent to another, or for another time")
      lender = Reference(lender.object.lender)
    }
    try expect(lender.isNone, "a domain lends that should not")
  }
}
