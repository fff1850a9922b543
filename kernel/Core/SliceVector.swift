import KernelObjects

// The processor's time is a vector of slots, walked mechanically. The kernel has no queue and no priorities: a slot
// names a Domain, and at each tick the next slot whose Domain can run is next.
extension Kernel {
  /// The timer says that the slot's time is over.
  @discardableResult
  public func tick() -> ResumedFrame {
    enter()
    state.ticks &+= 1
    if state.current != 0 { current.object.ticks &+= 1 }
    state.current = 0
    // First, lest it takes away whoever is found next.
    if state.destruction != 0 { destroyAbandoned() }
    schedule(from: state.currentSlice &+ 1)
    if state.current != 0 { slice(state.currentSlice).object.ticks &+= 1 }
    return leave()
  }

  /// Makes the first Domain that can run, from slot `first` on, the current one; none if there is none.
  func schedule(from first: UInt64) {
    for step in 0..<KernelState.sliceCount {
      let index = (first &+ step) % KernelState.sliceCount
      let bound = slice(index).object.domain
      if bound == 0 { continue }
      let domain = isReady(Reference(bound)) ? bound : server(of: Reference(bound))
      if domain == 0 { continue }
      state.current = domain
      state.currentSlice = index
      machine.startTick()
      return
    }
    state.current = 0
    if state.destruction == 0 { machine.stopTick() } else { machine.startTick() }
  }

  /// Who serves the call that a Domain waits for, and can run in its slices; 0 is none.
  private func server(of domain: Reference<Domain>) -> UInt64 {
    var waiting = domain
    // Chains of calls are short; a cycle of them is a deadlock and must not hang the walk.
    for _ in 0..<7 {
      guard waiting.object.state == DomainState.blockedOnReply.rawValue else { return 0 }
      let server = waiting.object.servedBy
      if server == 0 || isReady(Reference(server)) { return server }
      waiting = Reference(server)
    }
    return 0
  }
}

// MARK: TimeSlice

extension Kernel {
  func invokeTimeSlice(_ context: InvocationContext) throws(Refusal) {
    switch context.label {
    case Invocation.timeSliceSplit.rawValue: try split(context)
    case Invocation.timeSliceBind.rawValue:
      let domain = try capabilityArgument(0, .domain, in: context).capability.address
      bindOwnSlices(context.slot, to: domain)
    case Invocation.timeSliceUnbind.rawValue: bindOwnSlices(context.slot, to: 0)
    default: throw context.noSuchInvocation
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
