import KernelObjects

// The two system calls that a client and a server make in turn, when nothing stands in the way: the partner waits, no
// capability is passed, and the capability is in a CNode that its pointer names in one step. Everything is checked
// before anything is changed; whatever is not met is left to the general path, which does the same by smaller steps.
//
// Links between objects are passed on as they are stored, rather than as references, to spare the way there and back.
extension Kernel {
  @inline(__always)
  func fastCall(_ caller: Reference<Domain>) -> ResumedFrame {
    guard let slot = fastLookUp(caller[x: 0], in: caller) else { return handleSystemCallInSteps() }
    let info = caller[x: 1]
    let word0 = slot.object.word0
    let endpoint = Reference<Endpoint>(word0 & Capability.addressMask)
    guard grants(word0, .write, on: .endpoint), isFastMessage(info), endpoint.object.receiveHead != 0 else {
      enter()
      return call(slot, by: caller)
    }
    enter()
    let server = endpoint.receivers.removeFirst()
    server.object.blockedOn = 0
    server.object.state = DomainState.ready.rawValue
    caller.object.messageFlags = grantFlag(word0) | MessageFlags.isCall.rawValue
    lend(caller, to: server)
    server[x: 8] = slot.object.word1
    copyWords(info, from: caller, to: server)
    return fastSwitch(to: server)
  }

  @inline(__always)
  func fastReplyReceive(_ server: Reference<Domain>) -> ResumedFrame {
    let info = server[x: 1]
    let replySlot = server.slot(.caller)
    let reply = replySlot.object.word0
    guard let slot = fastLookUp(server[x: 0], in: server) else { return handleSystemCallInSteps() }
    let word0 = slot.object.word0
    let endpoint = Reference<Endpoint>(word0 & Capability.addressMask)
    guard grants(word0, .read, on: .endpoint), isFastMessage(info),
      reply &>> 59 == UInt64(CapabilityType.reply.rawValue),
      endpoint.object.sendHead == 0, server.object.boundNotification == 0
    else { return handleSystemCallInSteps() }
    let caller = Reference<Domain>(reply & Capability.addressMask)
    let isFault = caller.object.messageFlags & MessageFlags.isFault.rawValue != 0
    // Any other label leaves the faulted Domain stopped.
    guard !isFault || MessageInfo(word: info).label == 0 else { return handleSystemCallInSteps() }

    enter()
    takeReply(replySlot, of: caller)
    caller.object.state = DomainState.ready.rawValue
    caller.object.messageFlags = 0
    caller.object.servedBy = 0
    if isFault {
      caller.object.faultKind = FaultKind.none.rawValue
    } else {
      caller[x: 8] = 0
      copyWords(info, from: server, to: caller)
    }
    block(server, .blockedOnReceive, on: endpoint.address)
    endpoint.receivers.append(server)
    return fastSwitch(to: caller)
  }

  /// A signal never switches: whoever waits for it runs in its own slices.
  @inline(never)
  func fastSignal(_ caller: Reference<Domain>) -> ResumedFrame {
    guard let slot = fastLookUp(caller[x: 0], in: caller) else { return handleSystemCallInSteps() }
    let word0 = slot.object.word0
    let notification = Reference<Notification>(word0 & Capability.addressMask)
    guard grants(word0, .write, on: .notification), notification.object.boundDomain == 0 else {
      return handleSystemCallInSteps()
    }
    enter()
    _ = signalUnbound(notification, badge: slot.object.word1)
    succeed(caller)
    return leave(stayingIn: caller)
  }

  @inline(never)
  func fastWait(_ caller: Reference<Domain>) -> ResumedFrame {
    guard let slot = fastLookUp(caller[x: 0], in: caller) else { return handleSystemCallInSteps() }
    let word0 = slot.object.word0
    let notification = Reference<Notification>(word0 & Capability.addressMask)
    guard grants(word0, .read, on: .notification), notification.object.pending == 0,
      notification.object.boundDomain == 0
    else { return handleSystemCallInSteps() }
    enter()
    block(caller, .blockedOnNotification, on: notification.address)
    notification.waiters.append(caller)
    return leaveToNext()
  }

  /// A fault of the current Domain, if its handler waits.
  @inline(never)
  func fastFault(_ kind: FaultKind, address: UInt64, syndrome: UInt64) -> ResumedFrame {
    let domain = current
    let slot = domain.slot(.faultEndpoint)
    let word0 = slot.object.word0
    let endpoint = Reference<Endpoint>(word0 & Capability.addressMask)
    guard grants(word0, .write, on: .endpoint), endpoint.object.receiveHead != 0,
      domain.object.controlBlock.word0 == 0
    else {
      return handleFaultInSteps(kind, address: address, syndrome: syndrome)
    }
    enter()
    domain.object.faultKind = kind.rawValue
    domain.object.faultAddress = address
    domain.object.faultSyndrome = syndrome
    let handler = endpoint.receivers.removeFirst()
    handler.object.blockedOn = 0
    handler.object.state = DomainState.ready.rawValue
    domain.object.messageFlags = MessageFlags.isCall.rawValue | MessageFlags.isFault.rawValue
    lend(domain, to: handler)
    handler[x: 8] = slot.object.word1
    writeFaultMessage(of: domain, to: handler)
    return fastSwitch(to: handler)
  }

  /// The slot that `pointer` names in the Domain's root CNode, if that resolves all 64 bits.
  @inline(__always)
  func fastLookUp(_ pointer: UInt64, in domain: Reference<Domain>) -> Reference<Slot>? {
    let root = domain.object.cnodeRoot.capability
    let radix = root.radix
    // All 64 bits are guard and radix: so it is a CNode, for nothing else has a guard, and no shift is by 64.
    guard root.guardSize &+ radix == 64 else { return nil }
    let index = pointer ^ root.guardValue &<< radix
    guard index &>> radix == 0 else { return nil }
    return Reference<Slot>(root.address)[index]
  }

  @inline(__always)
  private func isFastMessage(_ info: UInt64) -> Bool {
    // Length and capability flag lie side by side.
    info & Self.lengthAndCapability <= MessageInfo.maximumLength
  }

  /// Type and right in one comparison.
  @inline(__always)
  private func grants(_ word0: UInt64, _ right: Rights, on type: CapabilityType) -> Bool {
    let type = Capability.typeField.pack(UInt64(type.rawValue))
    let wanted = Capability.rightsField.pack(UInt64(right.rawValue))
    return word0 & (Capability.typeField.pack(.max) | wanted) == type | wanted
  }

  @inline(__always)
  private func grantFlag(_ word0: UInt64) -> UInt32 {
    let grant = UInt32(truncatingIfNeeded: Capability.rightsField.read(word0)) & UInt32(Rights.grant.rawValue)
    // Both masks have one bit.
    return grant &* MessageFlags.canGrant.rawValue / UInt32(Rights.grant.rawValue)
  }

  /// The caller waits for the server's answer, which gets the only reply derived from the caller's master slot.
  @inline(__always)
  private func lend(_ caller: Reference<Domain>, to server: Reference<Domain>) {
    caller.object.state = DomainState.blockedOnReply.rawValue
    caller.object.servedBy = server.address
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

  private static var lengthAndCapability: UInt64 { 0xf }
  /// Bits 4...7 of a `MessageInfo` mean nothing and are not passed on.
  private static var unusedInfoBits: UInt64 { 0xf0 }

  @inline(__always)
  private func fastSwitch(to domain: Reference<Domain>) -> ResumedFrame {
    state.current = domain.address
    return leave(to: domain)
  }
}
