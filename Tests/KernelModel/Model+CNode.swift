internal import KernelObjects

extension Model {
  mutating func invokeCNode(_ invocation: Invocation, _ call: Call) throws(Refused) {
    let cnode = call.capability
    switch invocation {
    case .cnodeCopy: try copy(call, isMint: false)
    case .cnodeMint: try copy(call, isMint: true)
    case .cnodeMove:
      let place = try emptySlot(call.words[0], of: cnode, argument: 1)
      move(try source(of: call).place, to: place)
    case .cnodeDelete: delete(try filledSlot(call.words[0], of: cnode, argument: 1).place)
    case .cnodeRevoke: revoke(try filledSlot(call.words[0], of: cnode, argument: 1).place)
    case .cnodeRotate: try rotate(call)
    case .cnodeCancelBadgedSends: try cancelBadgedSends(call)
    default: try saveReply(call)
    }
  }

  private func source(of call: Call) throws(Refused) -> (place: Place, capability: CapabilityValue) {
    let cnode = try argument(1, .cnode, of: call).capability
    return try filledSlot(call.words[2], of: cnode, argument: 3)
  }

  private mutating func copy(_ call: Call, isMint: Bool) throws(Refused) {
    let place = try emptySlot(call.words[0], of: call.capability, argument: 1)
    let source = try source(of: call).capability
    let rights = try rights(3, of: call)
    try requireCopyable(source, argument: 3)
    var copy = copy(of: source, rights: rights)
    if isMint { try parametrize(&copy, badgeOrGuard: call.words[4], guardSize: call.words[5]) }
    slots[place] = copy
  }

  private func parametrize(_ copy: inout CapabilityValue, badgeOrGuard: UInt64, guardSize: UInt64)
    throws(Refused)
  {
    switch copy.type {
    case .endpoint, .notification:
      guard copy.badge == 0 else { throw Refused(.invalidArgument, argument: 3, detail: copy.badge) }
      copy.badge = badgeOrGuard
    case .cnode:
      let limit = 65 - (cnodes[copy.object] ?? 0)
      guard guardSize < min(limit, 64) else { throw Refused(.outOfRange, argument: 6, detail: limit) }
      guard badgeOrGuard < 1 << guardSize else {
        throw Refused(.outOfRange, argument: 5, detail: 1 << guardSize)
      }
      copy.guardSize = guardSize
      copy.guardValue = badgeOrGuard
    default: throw Refused(.wrongType, argument: 3, detail: UInt64(copy.type.rawValue))
    }
  }

  private mutating func rotate(_ call: Call) throws(Refused) {
    let destination = try slot(call.words[0], of: call.capability, argument: 1)
    let pivot = try filledSlot(call.words[1], of: call.capability, argument: 2).place
    let source = try filledSlot(call.words[2], of: call.capability, argument: 3).place
    guard pivot != source, pivot != destination else { throw Refused(.invalidArgument, argument: 2) }
    guard destination == source || slots[destination] == nil else {
      throw Refused(.slotOccupied, argument: 1)
    }
    let moved = slots.removeValue(forKey: pivot)
    move(source, to: pivot)
    slots[destination] = moved
  }

  private mutating func cancelBadgedSends(_ call: Call) throws(Refused) {
    let capability = try filledSlot(call.words[0], of: call.capability, argument: 1).capability
    guard capability.type == .endpoint else {
      throw Refused(.wrongType, argument: 1, detail: UInt64(capability.type.rawValue))
    }
    try require(.all, of: capability, argument: 1)
    let senders = endpoints[capability.object]?.senders ?? []
    for sender in senders where domains[sender]?.sending.badge == capability.badge {
      endpoints[capability.object]?.senders.removeAll { $0 == sender }
      cancel(sender)
    }
  }

  private mutating func saveReply(_ call: Call) throws(Refused) {
    let place = try emptySlot(call.words[0], of: call.capability, argument: 1)
    let source = Place.own(.caller, of: call.caller)
    guard slots[source] != nil else { throw Refused(.noPartner) }
    move(source, to: place)
  }
}
