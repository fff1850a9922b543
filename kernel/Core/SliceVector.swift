import KernelObjects

// The processor's time is a vector of slots, walked mechanically. The kernel has no queue and no priorities: a slot
// names a Domain, and at each tick the next slot whose Domain can run is next.
extension Kernel {
  /// The timer says that the slot's time is over.
  public func tick() {
    enter()
    state.ticks &+= 1
    if state.current != 0 { current.object.ticks &+= 1 }
    let next = state.currentSlice &+ 1
    state.current = 0
    schedule(from: next)
    if state.current != 0 { slice(state.currentSlice).object.ticks &+= 1 }
    leave()
  }

  /// Makes the first Domain that can run, from slot `first` on, the current one; none if there is none.
  func schedule(from first: UInt64) {
    for step in 0..<KernelState.sliceCount {
      let index = (first &+ step) % KernelState.sliceCount
      let domain = runnable(inSlice: index)
      if domain.isNone { continue }
      state.current = domain.address
      state.currentSlice = index
      machine.startTick()
      return
    }
    state.current = 0
    machine.stopTick()
  }

  /// Who runs in a slot: its Domain, or whoever serves the call that Domain waits for.
  private func runnable(inSlice index: UInt64) -> Reference<Domain> {
    var domain = Reference<Domain>(slice(index).object.domain)
    // Chains of calls are short; a cycle of them is a deadlock and must not hang the walk.
    for _ in 0..<8 {
      if domain.isNone || isReady(domain) { return domain }
      if domain.object.state != DomainState.blockedOnReply.rawValue { return .none }
      domain = Reference(domain.object.servedBy)
    }
    return .none
  }

  /// The current Domain gives up the rest of its slot.
  func yield() {
    schedule(from: state.currentSlice &+ 1)
  }
}

// MARK: TimeSlice

extension Kernel {
  func invokeTimeSlice(_ invocation: Invocation, _ context: InvocationContext) throws(Refusal) {
    switch invocation {
    case .timeSliceSplit: try split(context)
    case .timeSliceBind:
      let domain = try capabilityArgument(0, .domain, in: context).capability.address
      bindOwnSlices(context.slot, to: domain)
    case .timeSliceUnbind: bindOwnSlices(context.slot, to: 0)
    default: throw Refusal(.invalidInvocation, detail: invocation.rawValue)
    }
  }

  private func split(_ context: InvocationContext) throws(Refusal) {
    let keep = context.word(0)
    let count = ownSliceCount(context.slot)
    guard keep < count else { throw Refusal(.outOfRange, argument: 1, detail: count) }
    let destination = try destinationArgument(1, in: context)
    let start = context.capability.sliceStart &+ keep
    install(.timeSlice(start: start, count: count &- keep), in: destination, derivedFrom: context.slot)
    bind(from: start, count: count &- keep, to: 0)
  }

  /// Slots of the range that were not split off: they lie before the first that was.
  func ownSliceCount(_ slot: Reference<Slot>) -> UInt64 {
    let capability = slot.capability
    var end = capability.sliceStart &+ capability.sliceCount
    // Children are disjoint, so there are at most as many as slots.
    var number = slot.object.child
    while number != 0 && number & Slot.parentTag == 0 {
      let child = Reference<Slot>(number: number)
      end = min(end, child.capability.sliceStart)
      number = child.object.next
    }
    return end &- capability.sliceStart
  }

  private func bindOwnSlices(_ slot: Reference<Slot>, to domain: UInt64) {
    bind(from: slot.capability.sliceStart, count: ownSliceCount(slot), to: domain)
  }

  func unbindOwnSlices(_ slot: Reference<Slot>) { bindOwnSlices(slot, to: 0) }

  private func bind(from start: UInt64, count: UInt64, to domain: UInt64) {
    for index in start..<start &+ count {
      let entry = slice(index % KernelState.sliceCount)
      let previous = Reference<Domain>(entry.object.domain)
      if !previous.isNone { previous.object.boundSlices &-= 1 }
      entry.object.domain = domain
      if domain != 0 { Reference<Domain>(domain).object.boundSlices &+= 1 }
    }
  }
}
