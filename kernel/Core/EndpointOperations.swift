import KernelObjects

extension Kernel {
  /// Sends the caller's message, or queues the caller until somebody receives.
  func send(_ capability: Capability, from sender: Reference<Domain>, isCall: Bool, isBlocking: Bool)
    throws(Refusal)
  {
    try require(.write, of: capability)
    let endpoint = Reference<Endpoint>(capability.address)
    var flags: MessageFlags = isCall ? .isCall : MessageFlags()
    if capability.rights.contains(.grant) { flags.insert(.canGrant) }
    sender.object.sendBadge = capability.badge
    sender.object.messageFlags = flags.rawValue
    guard endpoint.object.receiveHead != 0 else {
      guard isBlocking else { throw Refusal(.noPartner) }
      queue(sender, on: endpoint)
      return
    }
    let receiver = endpoint.receivers.removeFirst()
    deliver(from: sender, to: receiver)
    // A call lends the rest of the caller's slice to whoever serves it.
    if isCall { state.current = receiver.address }
  }

  /// Sends what `report` recorded, as a call.
  func sendFault(of domain: Reference<Domain>, to capability: Capability) {
    let endpoint = Reference<Endpoint>(capability.address)
    let flags: MessageFlags = MessageFlags.isCall.union(.isFault)
    domain.object.sendBadge = capability.badge
    domain.object.messageFlags = flags.rawValue
    guard endpoint.object.receiveHead != 0 else {
      queue(domain, on: endpoint)
      return
    }
    let receiver = endpoint.receivers.removeFirst()
    deliver(from: domain, to: receiver)
    state.current = receiver.address
  }

  private func queue(_ sender: Reference<Domain>, on endpoint: Reference<Endpoint>) {
    block(sender, .blockedOnSend, on: endpoint.address)
    endpoint.senders.append(sender)
  }

  /// Receives a message, a signal of the bound notification, or queues the caller until one of them comes.
  func receive(_ capability: Capability, by receiver: Reference<Domain>, isBlocking: Bool) throws(Refusal) {
    try require(.read, of: capability)
    let endpoint = Reference<Endpoint>(capability.address)
    guard isBlocking || endpoint.object.sendHead != 0 || hasBoundSignal(receiver) else {
      throw Refusal(.noPartner)
    }
    // Whoever was to be answered and was not is told so, rather than left waiting for ever.
    detach(receiver.slot(.caller))
    if takeBoundSignal(receiver) { return }
    if endpoint.object.sendHead != 0 {
      let sender = Reference<Domain>(endpoint.object.sendHead)
      remove(sender: sender, from: endpoint)
      deliver(from: sender, to: receiver)
      return
    }
    block(receiver, .blockedOnReceive, on: endpoint.address)
    endpoint.receivers.append(receiver)
  }

  /// Hands over a message; then the receiver is ready, and the sender ready or waiting for its answer.
  private func deliver(from sender: Reference<Domain>, to receiver: Reference<Domain>) {
    let flags = MessageFlags(rawValue: sender.object.messageFlags)
    if flags.contains(.isFault) {
      writeFaultMessage(of: sender, to: receiver)
    } else {
      transferMessage(from: sender, to: receiver, mayGrant: flags.contains(.canGrant))
    }
    receiver[x: 8] = sender.object.sendBadge
    makeReady(receiver)
    if flags.contains(.isCall) {
      awaitReply(sender, from: receiver, flags)
    } else {
      wake(sender, with: .ok)
    }
  }

  /// Copies label, words and perhaps a capability from register set to register set.
  func transferMessage(from sender: Reference<Domain>, to receiver: Reference<Domain>, mayGrant: Bool) {
    let info = MessageInfo(word: sender[x: 1])
    let length = info.length
    for index in 0..<Int(truncatingIfNeeded: length) {
      receiver[x: index &+ 2] = sender[x: index &+ 2]
    }
    var hasCapability = false
    if info.hasCapability && mayGrant {
      hasCapability = transferCapability(from: sender, to: receiver)
    }
    receiver[x: 0] = Status.ok.rawValue
    receiver[x: 1] =
      MessageInfo(label: info.label, length: length, hasCapability: hasCapability).word
  }

  func isWaitedFor(_ endpoint: Reference<Endpoint>) -> Bool {
    endpoint.object.sendHead | endpoint.object.receiveHead != 0
  }

  /// Ends the first wait on an endpoint whose last capability is gone.
  func cancelOne(on endpoint: Reference<Endpoint>) {
    if endpoint.object.sendHead != 0 {
      let sender = Reference<Domain>(endpoint.object.sendHead)
      remove(sender: sender, from: endpoint)
      cancel(sender)
    } else {
      wake(endpoint.receivers.removeFirst(), with: .cancelled)
    }
  }

  /// Ends the sends that came through capabilities with `badge`.
  ///
  /// - Throws: `Refusal.unfinished` while there are senders to look at.
  func cancelSends(to endpoint: Reference<Endpoint>, badge: UInt64, for caller: Reference<Domain>)
    throws(Refusal)
  {
    var budget = workBudget(for: caller, lookUps: 1)
    let isContinued = state.cancelledEndpoint == endpoint.address && state.cancelledBadge == badge
    var next = isContinued ? state.cancellation : 0
    if next == 0 { next = endpoint.object.sendHead }
    while next != 0 {
      let sender = Reference<Domain>(next)
      next = sender.object.queueNext
      if sender.object.sendBadge == badge {
        remove(sender: sender, from: endpoint)
        cancel(sender)
        budget.spend(.wake)
      }
      budget.spend(.pass)
      if budget.isSpent && next != 0 {
        state.cancelledEndpoint = endpoint.address
        state.cancelledBadge = badge
        state.cancellation = next
        throw .unfinished
      }
    }
    state.cancellation = 0
  }

  /// Takes a sender off the queue, and off the place where `cancelSends` goes on.
  func remove(sender: Reference<Domain>, from endpoint: Reference<Endpoint>) {
    if state.cancellation == sender.address { state.cancellation = sender.object.queueNext }
    endpoint.senders.remove(sender)
  }

  /// Ends a send that will not be received. A fault that nobody will hear of stops the Domain.
  private func cancel(_ sender: Reference<Domain>) {
    if MessageFlags(rawValue: sender.object.messageFlags).contains(.isFault) {
      stopFaulted(sender)
    } else {
      wake(sender, with: .cancelled)
    }
  }
}
