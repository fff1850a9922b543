internal import KernelObjects

// Endpoints and replies.
extension Model {
  mutating func send(
    through capability: CapabilityValue, from sender: ObjectName, isCall: Bool, isBlocking: Bool
  ) throws(Refused) {
    try require(.write, of: capability)
    let endpoint = capability.object
    let receiver = endpoints[endpoint]?.receivers.first
    guard receiver != nil || isBlocking else { throw Refused(.noPartner) }
    domains[sender]?.sending = Sending(
      badge: capability.badge, isCall: isCall, mayGrant: capability.rights.contains(.grant))
    meet(receiver, from: sender, at: endpoint)
    if isCall, let receiver { current = receiver }
  }

  /// A fault is a call in the Domain's name.
  mutating func report(_ kind: FaultKind, of domain: ObjectName, address: UInt64, syndrome: UInt64) {
    if activateForFault(kind, of: domain, address: address, syndrome: syndrome) { return }
    domains[domain]?.faultKind = kind
    domains[domain]?.faultAddress = address
    domains[domain]?.faultSyndrome = syndrome
    guard let capability = slots[.own(.faultEndpoint, of: domain)] else { return stopFaulted(domain) }
    let receiver = endpoints[capability.object]?.receivers.first
    domains[domain]?.sending = Sending(badge: capability.badge, isCall: true, isFault: true)
    meet(receiver, from: domain, at: capability.object)
    if let receiver { current = receiver }
  }

  /// Gives the message to the receiver, or queues the sender if there is none.
  private mutating func meet(_ receiver: ObjectName?, from sender: ObjectName, at endpoint: ObjectName) {
    if let receiver {
      endpoints[endpoint]?.receivers.removeFirst()
      deliver(from: sender, to: receiver)
    } else {
      domains[sender]?.activity = .sending(endpoint)
      endpoints[endpoint]?.senders.append(sender)
    }
  }

  mutating func receive(through capability: CapabilityValue, by receiver: ObjectName, isBlocking: Bool)
    throws(Refused)
  {
    try require(.read, of: capability)
    let endpoint = capability.object
    let sender = endpoints[endpoint]?.senders.first
    let bound = domains[receiver]?.boundNotification
    let signals = bound.flatMap { notifications[$0]?.pending } ?? 0
    guard isBlocking || sender != nil || signals != 0 else { throw Refused(.noPartner) }
    // Who was not answered until now never will be.
    delete(.own(.caller, of: receiver))
    if let bound, signals != 0 {
      notifications[bound]?.pending = 0
      hand(signals, to: receiver)
    } else if let sender {
      endpoints[endpoint]?.senders.removeFirst()
      deliver(from: sender, to: receiver)
    } else {
      domains[receiver]?.activity = .receiving(endpoint)
      endpoints[endpoint]?.receivers.append(receiver)
    }
  }

  private mutating func deliver(from sender: ObjectName, to receiver: ObjectName) {
    guard let sending = domains[sender]?.sending else { return }
    if sending.isFault {
      writeFault(of: sender, to: receiver)
    } else {
      transfer(from: sender, to: receiver, mayGrant: sending.mayGrant)
    }
    self[receiver, 8] = sending.badge
    domains[receiver]?.activity = .ready
    if sending.isCall {
      domains[sender]?.activity = .awaitingReply
      let master = slots[.own(.replyMaster, of: sender)]?.name
      install(.reply, sender, in: .own(.caller, of: receiver), derivedFrom: master)
    } else {
      wake(sender, with: .ok)
    }
  }

  private mutating func writeFault(of domain: ObjectName, to receiver: ObjectName) {
    guard let faulted = domains[domain] else { return }
    let words = [
      Status.ok.rawValue, MessageInfo(label: UInt64(faulted.faultKind.rawValue), length: 5).word,
      faulted.registers[DomainValue.programCounter], faulted.faultAddress, faulted.faultSyndrome,
      faulted.registers[DomainValue.stackPointer], faulted.registers[DomainValue.programStatus],
    ]
    for (number, word) in words.enumerated() { self[receiver, number] = word }
  }

  private mutating func transfer(from sender: ObjectName, to receiver: ObjectName, mayGrant: Bool) {
    let info = MessageInfo(word: self[sender, 1])
    for number in 0..<Int(info.length) { self[receiver, 2 + number] = self[sender, 2 + number] }
    let isGranted = info.hasCapability && mayGrant && transferCapability(from: sender, to: receiver)
    self[receiver, 0] = Status.ok.rawValue
    self[receiver, 1] =
      MessageInfo(label: info.label, length: info.length, hasCapability: isGranted).word
  }

  /// A capability that cannot be passed is left out.
  private mutating func transferCapability(from sender: ObjectName, to receiver: ObjectName) -> Bool {
    guard self[receiver, 10] != 0,
      let destination = try? resolve(self[receiver, 10], by: receiver, argument: 0),
      slots[destination] == nil,
      let source = try? resolve(self[sender, 9], by: sender, argument: 0),
      let capability = slots[source],
      (try? requireCopyable(capability, argument: 0)) != nil
    else { return false }
    install(copyOf: capability, in: destination)
    return true
  }

  /// Answers the call that the Reply in `place` was handed out for, and uses it up.
  mutating func reply(through place: Place, by replier: ObjectName) throws(Refused) {
    guard let capability = slots[place] else { throw Refused(.noPartner) }
    let caller = capability.object
    guard let sending = domains[caller]?.sending else { return }
    if !sending.isFault {
      transfer(from: replier, to: caller, mayGrant: sending.mayGrant)
      self[caller, 8] = 0
      domains[caller]?.activity = .ready
    } else {
      try answerFault(of: caller, by: replier)
    }
    delete(place)
  }

  private mutating func answerFault(of domain: ObjectName, by handler: ObjectName) throws(Refused) {
    let info = MessageInfo(word: self[handler, 1])
    guard info.label == 0 || info.label == 2 else { return stopFaulted(domain) }
    if info.label == 2 {
      let words = (0..<info.length).map { self[handler, 2 + Int($0)] }
      for (number, value) in try registers(in: words, mask: self[handler, 2]) {
        domains[domain]?.registers[number] = value
      }
    }
    domains[domain]?.faultKind = .none
    domains[domain]?.activity = .ready
  }

  /// The registers that an answer sets.
  private func registers(in words: [UInt64], mask: UInt64) throws(Refused) -> [(Int, UInt64)] {
    guard mask >> 35 == 0 else { throw Refused(.outOfRange, argument: 1, detail: 1 << 35) }
    let numbers = (0..<35).filter { mask >> $0 & 1 == 1 }
    guard words.count == numbers.count + 1 else {
      throw Refused(.invalidArgument, argument: 1, detail: UInt64(numbers.count))
    }
    for (number, argument) in zip(numbers, 1...) {
      let value = words[argument]
      if number == DomainValue.programCounter, value % 4 != 0 {
        throw Refused(.misaligned, argument: UInt64(argument) + 1, detail: 4)
      }
      if number == DomainValue.programStatus, value & ~0xf000_0000 != 0 {
        throw Refused(.invalidArgument, argument: UInt64(argument) + 1, detail: value & ~0xf000_0000)
      }
    }
    return Array(zip(numbers, words.dropFirst()))
  }

  /// The Reply to a Domain's call is gone.
  mutating func abandonReply(to caller: ObjectName) {
    if domains[caller]?.activity == .awaitingReply { cancel(caller) }
  }

  /// What a Domain sent will not be answered. Who faulted stays stopped.
  mutating func cancel(_ sender: ObjectName) {
    if domains[sender]?.sending.isFault == true {
      stopFaulted(sender)
    } else {
      wake(sender, with: .cancelled)
    }
  }

  private mutating func stopFaulted(_ domain: ObjectName) {
    domains[domain]?.activity = .inactive
    if current == domain { current = nil }
  }

  /// Ends a system call that blocked.
  mutating func wake(_ domain: ObjectName, with status: Status) {
    self[domain, 0] = status.rawValue
    self[domain, 1] = 0
    domains[domain]?.activity = .ready
  }
}

// Notifications.
extension Model {
  /// - Returns: who was woken.
  @discardableResult
  mutating func signal(_ name: ObjectName, badge: UInt64) -> ObjectName? {
    guard let notification = notifications[name] else { return nil }
    if let bound = notification.bound, case .receiving(let endpoint) = domains[bound]?.activity {
      endpoints[endpoint]?.receivers.removeAll { $0 == bound }
      notifications[name]?.pending = 0
      hand(notification.pending | badge, to: bound)
      return bound
    }
    if let bound = notification.bound, domains[bound]?.activity == .lending {
      notifications[name]?.pending = 0
      giveBack(through: bound, .event, events: notification.pending | badge)
      return bound
    }
    guard let waiter = notification.waiters.first else {
      notifications[name]?.pending |= badge
      guard let bound = notification.bound else { return nil }
      if activate(bound, .event) { return bound }
      hint(bound)
      return nil
    }
    notifications[name]?.waiters.removeFirst()
    hand(badge, to: waiter)
    return waiter
  }

  mutating func wait(for capability: CapabilityValue, by domain: ObjectName, isBlocking: Bool) throws(Refused)
  {
    try require(.read, of: capability)
    guard let notification = notifications[capability.object] else { return }
    if notification.pending != 0 {
      notifications[capability.object]?.pending = 0
      hand(notification.pending, to: domain)
      return
    }
    guard isBlocking else { throw Refused(.noPartner) }
    guard notification.bound == nil else { throw Refused(.invalidArgument) }
    domains[domain]?.activity = .waiting(capability.object)
    notifications[capability.object]?.waiters.append(domain)
  }

  private mutating func hand(_ signals: UInt64, to domain: ObjectName) {
    wake(domain, with: .ok)
    self[domain, 8] = signals
  }
}
