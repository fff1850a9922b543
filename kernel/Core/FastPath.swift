public import KernelObjects

// The two system calls that a client and a server make in turn, when nothing stands in the way: the partner waits, no
// capability is passed, and the capability is in a CNode that its pointer names in one step. Everything is checked
// before anything is changed; whatever is not met is left to the general path, which does the same by smaller steps.
extension Kernel {
  /// Tries the current Domain's system call the short way.
  ///
  /// - Returns: whose registers to continue with, or none if nothing was done and `handleSystemCall` must.
  @inline(__always)
  public func handleSystemCallQuickly() -> Reference<Domain> {
    let caller = current
    switch caller[x: 8] {
    case SystemCall.call.rawValue: return fastCall(caller)
    case SystemCall.replyReceive.rawValue: return fastReplyReceive(caller)
    default: return .none
    }
  }

  @inline(__always)
  private func fastCall(_ caller: Reference<Domain>) -> Reference<Domain> {
    let info = caller[x: 1]
    guard let slot = fastLookUp(caller[x: 0], in: caller) else { return .none }
    let word0 = slot.object.word0
    guard isFastMessage(info), isEndpoint(word0, with: .write) else { return .none }
    let endpoint = Reference<Endpoint>(word0 & Capability.addressMask)
    let server = Reference<Domain>(endpoint.object.receiveHead)
    guard !server.isNone else { return .none }

    enter()
    let badge = slot.object.word1
    let next = server.object.queueNext
    endpoint.object.receiveHead = next
    if next == 0 { endpoint.object.receiveTail = 0 } else { Reference<Domain>(next).object.queuePrevious = 0 }
    server.object.queueNext = 0

    caller.object.state = DomainState.blockedOnReply.rawValue
    caller.object.messageFlags = grantFlag(word0) | MessageFlags.isCall.rawValue
    caller.object.servedBy = server.address
    handReply(of: caller, to: server)

    server.object.state = DomainState.ready.rawValue
    server.object.blockedOn = 0
    server[x: 8] = badge
    copyWords(info, from: caller, to: server)
    fastSwitch(to: server)
    return server
  }

  @inline(__always)
  private func fastReplyReceive(_ server: Reference<Domain>) -> Reference<Domain> {
    let info = server[x: 1]
    guard let slot = fastLookUp(server[x: 0], in: server) else { return .none }
    let word0 = slot.object.word0
    guard isFastMessage(info), isEndpoint(word0, with: .read) else { return .none }
    let endpoint = Reference<Endpoint>(word0 & Capability.addressMask)
    let replySlot = server.slot(.caller)
    let reply = replySlot.object.word0
    guard reply &>> 59 == UInt64(CapabilityType.reply.rawValue), endpoint.object.sendHead == 0 else {
      return .none
    }
    guard server.object.boundNotification == 0 else { return .none }
    let caller = Reference<Domain>(reply & Capability.addressMask)
    guard caller.object.messageFlags & MessageFlags.isFault.rawValue == 0 else { return .none }

    enter()
    takeReply(replySlot, of: caller)
    caller.object.state = DomainState.ready.rawValue
    caller.object.messageFlags = 0
    caller.object.servedBy = 0
    caller[x: 8] = 0
    copyWords(info, from: server, to: caller)

    server.object.state = DomainState.blockedOnReceive.rawValue
    server.object.blockedOn = endpoint.address
    let tail = endpoint.object.receiveTail
    server.object.queuePrevious = tail
    if tail == 0 {
      endpoint.object.receiveHead = server.address
    } else {
      Reference<Domain>(tail).object.queueNext = server.address
    }
    endpoint.object.receiveTail = server.address
    fastSwitch(to: caller)
    return caller
  }

  /// The slot that `pointer` names in the Domain's root CNode, if that resolves all 64 bits.
  @inline(__always)
  func fastLookUp(_ pointer: UInt64, in domain: Reference<Domain>) -> Reference<Slot>? {
    let root = domain.object.cnodeRoot.capability
    let radix = root.radix
    // Guard and radix make up all bits: then the guard has 32...63 of them, and no shift is by 64.
    guard root.isA(.cnode), root.guardSize &+ radix == 64 else { return nil }
    guard pointer &>> radix == root.guardValue else { return nil }
    return Reference<Slot>(root.address)[pointer & ((1 &<< radix) &- 1)]
  }

  @inline(__always)
  private func isFastMessage(_ info: UInt64) -> Bool {
    MessageInfo.capabilityField.read(info) == 0
      && MessageInfo.lengthField.read(info) <= MessageInfo.maximumLength
  }

  /// Type and right in one comparison.
  @inline(__always)
  private func isEndpoint(_ word0: UInt64, with right: Rights) -> Bool {
    let type = Capability.typeField.pack(UInt64(CapabilityType.endpoint.rawValue))
    let wanted = Capability.rightsField.pack(UInt64(right.rawValue))
    return word0 & (Capability.typeField.pack(.max) | wanted) == type | wanted
  }

  @inline(__always)
  private func grantFlag(_ word0: UInt64) -> UInt32 {
    let grant = UInt32(truncatingIfNeeded: Capability.rightsField.read(word0)) & UInt32(Rights.grant.rawValue)
    // Both masks have one bit.
    return grant &* MessageFlags.canGrant.rawValue / UInt32(Rights.grant.rawValue)
  }

  /// Derives the only reply from the caller's master slot.
  @inline(__always)
  private func handReply(of caller: Reference<Domain>, to server: Reference<Domain>) {
    let slot = server.slot(.caller)
    let master = caller.slot(.replyMaster)
    // The other fields of an empty slot are zero, as this capability wants them.
    slot.object.word0 = Capability(type: .reply, address: caller.address).word0
    slot.object.next = master.number | Slot.parentTag
    slot.object.previous = slot.number
    master.object.child = slot.number
  }

  @inline(__always)
  private func takeReply(_ slot: Reference<Slot>, of caller: Reference<Domain>) {
    slot.object.word0 = 0
    slot.object.next = 0
    slot.object.previous = 0
    caller.slot(.replyMaster).object.child = 0
  }

  @inline(__always)
  private func copyWords(_ info: UInt64, from sender: Reference<Domain>, to receiver: Reference<Domain>) {
    receiver[x: 0] = Status.ok.rawValue
    receiver[x: 1] = info & ~(Self.unusedInfoBits)
    let length = MessageInfo.lengthField.read(info)
    if length == 0 { return }
    // In pairs, and never a word more than was sent.
    if length & 1 != 0 {
      let last = Int(truncatingIfNeeded: length &+ 1)
      receiver[x: last] = sender[x: last]
    }
    if length < 2 { return }
    receiver[x: 2] = sender[x: 2]
    receiver[x: 3] = sender[x: 3]
    if length < 4 { return }
    receiver[x: 4] = sender[x: 4]
    receiver[x: 5] = sender[x: 5]
    if length < 6 { return }
    receiver[x: 6] = sender[x: 6]
    receiver[x: 7] = sender[x: 7]
  }

  /// Bits 4...7 of a `MessageInfo` mean nothing and are not passed on.
  private static var unusedInfoBits: UInt64 { 0xf0 }

  @inline(__always)
  private func fastSwitch(to domain: Reference<Domain>) {
    state.current = domain.address
    let capability = domain.object.protectionDomain.capability
    let root = capability.isNull ? state.emptyRoot : capability.address
    if root != state.activeRoot {
      state.activeRoot = root
      machine.activate(root: root, asid: capability.asid)
    }
    state.epoch &+= 1
  }
}
