import KernelObjects

// A Domain that calls hands out the right to answer it, once: a Reply capability derived from its master slot. It
// appears in the receiver's caller slot and may be moved from there.
extension Kernel {
  /// `sender` waits for `receiver`'s answer.
  func awaitReply(_ sender: Reference<Domain>, from receiver: Reference<Domain>, _ flags: MessageFlags) {
    sender.object.state = DomainState.blockedOnReply.rawValue
    sender.object.blockedOn = 0
    sender.object.messageFlags = flags.rawValue
    sender.object.servedBy = receiver.address
    install(
      Capability(type: .reply, address: sender.address), in: receiver.slot(.caller),
      derivedFrom: sender.slot(.replyMaster))
  }

  /// Answers whoever `replier`'s capability in `slot` names, and uses it up.
  func reply(through slot: Reference<Slot>, by replier: Reference<Domain>) throws(Refusal) {
    let capability = slot.capability
    guard capability.isA(.reply), !capability.isReplyMaster else { throw Refusal(.noPartner) }
    let caller = Reference<Domain>(capability.address)
    let flags = MessageFlags(rawValue: caller.object.messageFlags)
    // The caller waits no longer, so that using up the capability finds nothing left to abandon.
    if flags.contains(.isFault) {
      try answerFault(of: caller, by: replier)
    } else {
      transferMessage(from: replier, to: caller, mayGrant: flags.contains(.canGrant))
      caller[x: 8] = 0
      makeReady(caller)
    }
    caller.object.servedBy = 0
    detach(slot)
  }

  /// A Reply goes unused: its caller would wait for ever.
  func abandonReply(_ caller: Reference<Domain>) {
    caller.object.servedBy = 0
    guard caller.object.state == DomainState.blockedOnReply.rawValue else { return }
    if MessageFlags(rawValue: caller.object.messageFlags).contains(.isFault) {
      stopFaulted(caller)
    } else {
      wake(caller, with: .cancelled)
    }
  }

  /// Takes back the right to answer `domain`, which no longer waits.
  func dropReply(to domain: Reference<Domain>) {
    let master = domain.slot(.replyMaster)
    if master.object.child != 0 { detach(Reference(number: master.object.child)) }
  }
}
