internal import HostedKernel
internal import KernelObjects

extension Model {
  /// The timer interrupts, as soon as it was told to.
  mutating func tick() {
    now = max(now, deadline ?? 0)
    if now >= sliceEnd {
      ticks += 1
      if let current { domains[current]?.ticks += 1 }
      endSlot()
    } else {
      if let service, now >= service.end {
        lines[service.irq].isThrottled = true
        endService()
        current = nil
      }
      expireLending()
    }
    settle()
  }

  /// The end of every entry: somebody runs who can.
  mutating func settle() {
    if current.map(isReady) != true { reschedule() }
    if let current { activeProtectionDomain = slots[.own(.protectionDomain, of: current)]?.object }
  }

  /// Who can run in the present slot goes on, if it is still somebody's.
  private mutating func reschedule() {
    if now >= sliceEnd {
      return endSlot()
    }
    endService()
    if !lendings.isEmpty {
      resumeLending()
    } else if let runner = vector[currentSlice].flatMap(runner) {
      current = runner
      arm()
    } else {
      endSlot()
    }
  }

  mutating func yield() {
    // What it had of another's slot goes back to whoever has that.
    if service != nil {
      current = nil
    } else if let lender = lendings.last?.lender {
      giveBack(through: lender, .yielded)
    } else {
      endSlot()
    }
  }

  /// Begins the next slot in which somebody can run, once around.
  mutating func endSlot() {
    endService()
    endLending(through: nil, .sliceEnded)
    current = nil
    sliceEnd = 0
    deadline = nil
    for step in 1...vector.count {
      let slot = (currentSlice + step) % vector.count
      guard let domain = vector[slot].flatMap(runner) else { continue }
      current = domain
      currentSlice = slot
      vectorTicks[slot] += 1
      sliceEnd = now + HostMachine.tickCounts
      deadline = sliceEnd
      if domain == vector[slot] { activate(domain, .sliceBegan) }
      return
    }
  }

  /// Nobody could run, and now an interrupt's handler can: without a slot of its own, on nobody's account.
  mutating func wakeFromIdle(_ handler: ObjectName) {
    endSlot()
    guard current == nil else { return }
    current = handler
    deadline = now + HostMachine.tickCounts
  }

  /// The Domain itself, or who serves its call, or who serves that one's, at most seven times over.
  func runner(for domain: ObjectName) -> ObjectName? {
    var domain: ObjectName? = domain
    for _ in 0..<8 {
      guard let candidate = domain else { return nil }
      if isReady(candidate) { return candidate }
      domain = server(of: candidate)
    }
    return nil
  }

  /// Who has the Reply to a Domain's call in its caller slot.
  func server(of caller: ObjectName) -> ObjectName? {
    guard domains[caller]?.activity == .awaitingReply else { return nil }
    return slots.first {
      $0.value.type == .reply && $0.value.object == caller && !$0.value.isMaster
        && domains[$0.key.holder] != nil
    }?.key.holder
  }

  mutating func invokeTimeSlice(_ invocation: Invocation, _ call: Call) throws(Refused) {
    switch invocation {
    case .timeSliceSplit: try split(call)
    case .timeSliceBind:
      bindOwnSlices(of: call.capability, to: try argument(0, .domain, of: call).capability.object)
    default: bindOwnSlices(of: call.capability, to: nil)
    }
  }

  private mutating func split(_ call: Call) throws(Refused) {
    let own = ownSlices(of: call.capability)
    guard call.words[0] < UInt64(own.count) else {
      throw Refused(.outOfRange, argument: 1, detail: UInt64(own.count))
    }
    let place = try destination(1, of: call)
    let rest = own.dropFirst(Int(call.words[0]))
    let object = newObject()
    timeSlices[object] = rest
    install(.timeSlice, object, in: place, derivedFrom: call.capability.name)
    for slot in rest { bind(slot, to: nil) }
  }

  /// The slots before the first that was split off.
  func ownSlices(of capability: CapabilityValue) -> Range<Int> {
    guard let range = timeSlices[capability.object] else { return 0..<0 }
    let splits = children(of: capability.name).compactMap { timeSlices[$0.object]?.lowerBound }
    return range.lowerBound..<(splits.min() ?? range.upperBound)
  }

  mutating func bindOwnSlices(of capability: CapabilityValue, to domain: ObjectName?) {
    for slot in ownSlices(of: capability) { bind(slot, to: domain) }
  }

  /// The present slot ends if it becomes another's.
  mutating func bind(_ slot: Int, to domain: ObjectName?) {
    if vector[slot] == domain { return }
    vector[slot] = domain
    guard slot == currentSlice, sliceEnd != 0 else { return }
    endService()
    endLending(through: nil, .sliceEnded)
    sliceEnd = 0
    current = nil
  }
}
