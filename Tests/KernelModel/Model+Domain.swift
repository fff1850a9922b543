internal import KernelObjects

extension Model {
  mutating func invokeDomain(_ invocation: Invocation, _ call: Call) throws(Refused) -> [UInt64] {
    let domain = call.capability.object
    switch invocation {
    case .domainConfigure: try configure(domain, call)
    case .domainStart: try start(domain, call)
    case .domainSuspend: suspend(domain)
    case .domainResume:
      try requireConfigured(domain)
      if domains[domain]?.activity == .inactive { domains[domain]?.activity = .ready }
    case .domainReadRegisters: return try readRegisters(of: domain, call)
    case .domainWriteRegisters: try writeRegisters(of: domain, call)
    case .domainBindNotification: try bindNotification(to: domain, call)
    case .domainRun: return try run(domain, call)
    case .domainSetControlBlock: try setControlBlock(of: domain, call)
    default: domains[domain]?.name = (call.words[0], call.words[1])
    }
    return []
  }

  private mutating func configure(_ domain: ObjectName, _ call: Call) throws(Refused) {
    let cnode = try argument(0, .cnode, of: call)
    let protectionDomain = try argument(1, .protectionDomain, of: call)
    guard domain != call.caller else { throw Refused(.invalidArgument) }
    var fault: (place: Place, capability: CapabilityValue)?
    if call.words[2] != 0 {
      fault = try argument(2, .endpoint, of: call)
      if let fault { try require(.write, of: fault.capability, argument: 3) }
    }
    let sources: [(Domain.OwnSlot, (place: Place, capability: CapabilityValue)?)] = [
      (.cnodeRoot, cnode), (.protectionDomain, protectionDomain), (.faultEndpoint, fault),
    ]
    for (own, _) in sources.reversed() { delete(.own(own, of: domain)) }
    for (own, source) in sources {
      // What went may have taken the source along, or the Domain itself.
      guard let source, let capability = slots[source.place], slots[call.place] != nil else { continue }
      install(copyOf: capability, in: .own(own, of: domain))
    }
  }

  func requireConfigured(_ domain: ObjectName) throws(Refused) {
    guard slots[.own(.cnodeRoot, of: domain)] != nil, slots[.own(.protectionDomain, of: domain)] != nil
    else { throw Refused(.notConfigured) }
  }

  private mutating func start(_ domain: ObjectName, _ call: Call) throws(Refused) {
    try requireConfigured(domain)
    guard domain != call.caller else { throw Refused(.invalidArgument) }
    suspend(domain)
    domains[domain]?.registers[DomainValue.programCounter] = call.words[0]
    domains[domain]?.registers[DomainValue.stackPointer] = call.words[1]
    for number in 0..<3 { self[domain, number] = call.words[2 + number] }
    domains[domain]?.registers[DomainValue.programStatus] = 0
    domains[domain]?.activity = .ready
  }

  /// Stops a Domain, whatever it waits for; the right to answer it is gone.
  mutating func suspend(_ domain: ObjectName) {
    guard let activity = domains[domain]?.activity else { return }
    if activity == .lending { stopLending(by: domain) }
    // Who runs on its time gives it back.
    if activity == .awaitingReply, let current, runner(for: domain) == current { self.current = nil }
    domains[domain]?.activity = .inactive
    switch activity {
    case .sending(let endpoint): endpoints[endpoint]?.senders.removeAll { $0 == domain }
    case .receiving(let endpoint): endpoints[endpoint]?.receivers.removeAll { $0 == domain }
    case .waiting(let notification): notifications[notification]?.waiters.removeAll { $0 == domain }
    case .awaitingReply: revoke(.own(.replyMaster, of: domain))
    default: break
    }
    if current == domain { current = nil }
  }

  private func readRegisters(of domain: ObjectName, _ call: Call) throws(Refused) -> [UInt64] {
    let (registers, numbers) = try registers(from: call.words[0])
    guard domain != call.caller else { throw Refused(.invalidArgument) }
    let words = domains[domain]?[keyPath: registers] ?? []
    return Array(words.dropFirst(Int(call.words[0] - numbers.lowerBound)).prefix(6))
  }

  /// The registers that one is among, and their numbers.
  private func registers(from first: UInt64) throws(Refused) -> (
    WritableKeyPath<DomainValue, [UInt64]>, Range<UInt64>
  ) {
    switch first {
    case 0..<35: return (\.registers, 0..<35)
    case 62..<128: return (\.floatingPoint, 62..<128)
    default: throw Refused(.outOfRange, argument: 1, detail: first < 62 ? 35 : 128)
    }
  }

  private mutating func writeRegisters(of domain: ObjectName, _ call: Call) throws(Refused) {
    let first = call.words[0]
    let count = call.words[1]
    let (registers, numbers) = try registers(from: first)
    let most = min(4, numbers.upperBound - first)
    guard count >= 1, count <= most else { throw Refused(.outOfRange, argument: 2, detail: most + 1) }
    guard domain != call.caller else { throw Refused(.invalidArgument) }
    for number in 0..<Int(count) {
      let isStatus = Int(first) + number == DomainValue.programStatus
      // Only the condition flags are a program's own.
      domains[domain]?[keyPath: registers][Int(first - numbers.lowerBound) + number] =
        call.words[2 + number] & (isStatus ? 0xf000_0000 : .max)
    }
  }

  private mutating func bindNotification(to domain: ObjectName, _ call: Call) throws(Refused) {
    if call.words[0] == 0 { return unbindNotification(of: domain) }
    let capability = try argument(0, .notification, of: call).capability
    try require(.read, of: capability, argument: 1)
    guard let notification = notifications[capability.object], notification.bound == nil,
      notification.waiters.isEmpty
    else { throw Refused(.alreadyMapped, argument: 1) }
    unbindNotification(of: domain)
    notifications[capability.object]?.bound = domain
    domains[domain]?.boundNotification = capability.object
  }

  mutating func unbindNotification(of domain: ObjectName) {
    guard let notification = domains[domain]?.boundNotification else { return }
    notifications[notification]?.bound = nil
    domains[domain]?.boundNotification = nil
  }
}
