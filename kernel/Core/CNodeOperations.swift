import KernelObjects

extension Kernel {
  @inline(__always)
  func invokeCNode(_ context: InvocationContext) throws(Refusal) {
    switch context.label {
    case Invocation.cnodeCopy.rawValue: try copy(context)
    case Invocation.cnodeMint.rawValue: try mint(context)
    case Invocation.cnodeMove.rawValue: try move(context)
    case Invocation.cnodeRotate.rawValue: try rotate(context)
    case Invocation.cnodeSaveReply.rawValue: try saveReply(context)
    default: throw context.noSuchInvocation
    }
  }

  /// The invocations that can be left unfinished.
  @inline(__always)
  func invokeCNodeStepwise(_ context: InvocationContext) throws(Refusal) {
    switch context.label {
    case Invocation.cnodeDelete.rawValue:
      try delete(try deletableSlot(context), for: context.caller, lookUps: 1)
    case Invocation.cnodeRevoke.rawValue:
      try revoke(try filledSlot(context.word(0), of: context.capability, argument: 1), for: context.caller)
    default: try cancelBadgedSends(context)
    }
  }

  /// A zombie is deleted by going on with its destruction.
  @inline(__always)
  private func deletableSlot(_ context: InvocationContext) throws(Refusal) -> Reference<Slot> {
    let slot = try slot(context.word(0), of: context.capability, argument: 1)
    guard !slot.capability.isNull else { throw Refusal(.slotEmpty, argument: 1) }
    return slot
  }

  @inline(__always)
  private func sourceArgument(_ context: InvocationContext) throws(Refusal) -> Reference<Slot> {
    let cnode = try capabilityArgument(1, .cnode, in: context).capability
    return try filledSlot(context.word(2), of: cnode, argument: 3)
  }

  @inline(__always)
  private func copy(_ context: InvocationContext) throws(Refusal) {
    let destination = try emptySlot(context.word(0), of: context.capability, argument: 1)
    let source = try sourceArgument(context)
    let rights = try rightsArgument(3, in: context)
    let derived = try derive(source.capability, argument: 3, rights: rights)
    install(derived, in: destination, derivedFrom: source)
  }

  @inline(__always)
  private func mint(_ context: InvocationContext) throws(Refusal) {
    let destination = try emptySlot(context.word(0), of: context.capability, argument: 1)
    let source = try sourceArgument(context)
    let rights = try rightsArgument(3, in: context)
    let derived = try derive(source.capability, argument: 3, rights: rights)
    let minted = try parametrize(derived, context)
    install(minted, in: destination, derivedFrom: source)
  }

  /// Gives an endpoint or notification its badge, a CNode its guard.
  @inline(__always)
  private func parametrize(_ capability: Capability, _ context: InvocationContext) throws(Refusal)
    -> Capability
  {
    switch capability.type {
    case .endpoint, .notification:
      // A badge tells who is calling: whoever was given one cannot change it.
      guard capability.badge == 0 else {
        throw Refusal(.invalidArgument, argument: 3, detail: capability.badge)
      }
      var minted = capability
      minted.word1 = context.word(4)
      return minted
    case .cnode:
      let guardValue = context.word(4)
      let guardSize = context.word(5)
      let limit = 65 &- capability.radix
      guard guardSize < limit && guardSize < 64 else {
        throw Refusal(.outOfRange, argument: 6, detail: limit)
      }
      guard guardValue &>> guardSize == 0 || guardSize == 0 && guardValue == 0 else {
        throw Refusal(.outOfRange, argument: 5, detail: 1 &<< guardSize)
      }
      var minted = capability
      minted.word0 = Capability.guardSizeField.write(guardSize, into: minted.word0)
      minted.word1 = guardValue
      return minted
    default:
      throw Refusal(.wrongType, argument: 3, detail: UInt64(capability.rawType))
    }
  }

  @inline(__always)
  private func move(_ context: InvocationContext) throws(Refusal) {
    let destination = try emptySlot(context.word(0), of: context.capability, argument: 1)
    let source = try sourceArgument(context)
    move(source, to: destination)
  }

  private func rotate(_ context: InvocationContext) throws(Refusal) {
    let cnode = context.capability
    let destination = try slot(context.word(0), of: cnode, argument: 1)
    let pivot = try filledSlot(context.word(1), of: cnode, argument: 2)
    let source = try filledSlot(context.word(2), of: cnode, argument: 3)
    guard pivot != source && pivot != destination else { throw Refusal(.invalidArgument, argument: 2) }
    guard destination == source || destination.capability.isNull else {
      throw Refusal(.slotOccupied, argument: 1)
    }
    if destination == source {
      swap(source, pivot)
    } else {
      move(pivot, to: destination)
      move(source, to: pivot)
    }
  }

  private func cancelBadgedSends(_ context: InvocationContext) throws(Refusal) {
    let slot = try filledSlot(context.word(0), of: context.capability, argument: 1)
    let capability = slot.capability
    guard capability.isA(.endpoint) else {
      throw Refusal(.wrongType, argument: 1, detail: UInt64(capability.rawType))
    }
    guard capability.rights == .all else {
      throw Refusal(
        .missingRight, argument: 1, detail: UInt64(Rights.all.subtracting(capability.rights).rawValue))
    }
    try cancelSends(
      to: Reference<Endpoint>(capability.address), badge: capability.badge, for: context.caller)
  }

  private func saveReply(_ context: InvocationContext) throws(Refusal) {
    let destination = try emptySlot(context.word(0), of: context.capability, argument: 1)
    let source = context.caller.slot(.caller)
    guard !source.capability.isNull else { throw Refusal(.noPartner) }
    // Put away, the call no longer lends its time: who answers it, and when, is not known any more.
    Reference<Domain>(source.capability.address).object.servedBy = 0
    move(source, to: destination)
  }
}
