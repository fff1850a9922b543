internal import KernelObjects

extension Model {
  /// The timer says that the slot's time is over.
  mutating func tick() {
    ticks += 1
    if let current { domains[current]?.ticks += 1 }
    schedule(from: currentSlice + 1)
    if current != nil { vectorTicks[currentSlice] += 1 }
    settle()
  }

  /// The end of every entry: somebody runs who can.
  mutating func settle() {
    if current.map(isReady) != true { schedule(from: currentSlice) }
    if let current { activeProtectionDomain = slots[.own(.protectionDomain, of: current)]?.object }
  }

  /// From slot `first` on, once around, whoever can run first.
  mutating func schedule(from first: Int) {
    current = nil
    for step in 0..<vector.count where current == nil {
      let slot = (first + step) % vector.count
      guard let domain = runnable(in: slot) else { continue }
      current = domain
      currentSlice = slot
    }
  }

  /// The Domain bound to the slot, or who serves its call, or who serves that one's, at most seven times over.
  private func runnable(in slot: Int) -> ObjectName? {
    var domain = vector[slot]
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
    for slot in rest { vector[slot] = nil }
  }

  /// The slots before the first that was split off.
  func ownSlices(of capability: CapabilityValue) -> Range<Int> {
    guard let range = timeSlices[capability.object] else { return 0..<0 }
    let splits = children(of: capability.name).compactMap { timeSlices[$0.object]?.lowerBound }
    return range.lowerBound..<(splits.min() ?? range.upperBound)
  }

  mutating func bindOwnSlices(of capability: CapabilityValue, to domain: ObjectName?) {
    for slot in ownSlices(of: capability) { vector[slot] = domain }
  }
}
