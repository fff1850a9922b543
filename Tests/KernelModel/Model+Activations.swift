internal import KernelObjects

// The frame of a control block is memory like any other: what programs wrote, and what the kernel wrote over it.
extension Model {
  /// Contexts that fit in a frame behind the block's sixteen words, each of 36.
  private static let contextCount: UInt64 = (512 - 16) / 36
  private static func firstWord(of context: UInt64) -> Int { 16 + 36 * Int(context) }

  subscript(frame: ObjectName, word: ControlBlock.Word) -> UInt64 {
    get { frames[frame]?[Int(word.rawValue)] ?? 0 }
    set { frames[frame]?[Int(word.rawValue)] = newValue }
  }

  private func controlBlock(of domain: ObjectName) -> ObjectName? {
    slots[.own(.controlBlock, of: domain)]?.object
  }

  private func isOn(_ domain: ObjectName) -> Bool {
    controlBlock(of: domain).map { self[$0, .isOn] == 1 } ?? false
  }

  private mutating func takeEvents(of domain: ObjectName) -> UInt64 {
    guard let bound = domains[domain]?.boundNotification, let events = notifications[bound]?.pending else {
      return 0
    }
    notifications[bound]?.pending = 0
    return events
  }

  /// Enters a Domain's activation, if it has it on and can run.
  ///
  /// - Returns: whether it has.
  @discardableResult
  mutating func activate(_ domain: ObjectName, _ reason: ActivationReason) -> Bool {
    guard let frame = controlBlock(of: domain), isOn(domain), isReady(domain) else { return false }
    let events = takeEvents(of: domain)
    let reasons = events == 0 ? reason : reason.union(.event)
    let index = self[frame, .saveIndex] % Self.contextCount
    for (number, value) in (domains[domain]?.registers ?? []).enumerated() {
      let isStatus = number == DomainValue.programStatus
      frames[frame]?[Self.firstWord(of: index) + number] = value & (isStatus ? 0xf000_0000 : .max)
    }
    self[frame, .isOn] = 0
    self[frame, .reason] = reasons.rawValue
    self[frame, .events] = events
    self[frame, .savedIndex] = index
    let (entry, stack) = (self[frame, .entry], self[frame, .stack])
    domains[domain]?.registers[DomainValue.programCounter] = entry
    domains[domain]?.registers[DomainValue.stackPointer] = stack
    domains[domain]?.registers[DomainValue.programStatus] = 0
    for (number, value) in [reasons.rawValue, events, index].enumerated() { self[domain, number] = value }
    domains[domain]?.contextChanges += 1
    return true
  }

  /// Signals are left in the bound Notification.
  mutating func hint(_ domain: ObjectName) {
    if let frame = controlBlock(of: domain) { self[frame, .isPending] = 1 }
  }

  /// - Returns: whether a Domain handles its fault itself.
  mutating func activateForFault(
    _ kind: FaultKind, of domain: ObjectName, address: UInt64, syndrome: UInt64
  ) -> Bool {
    guard let frame = controlBlock(of: domain), self[frame, .flags] & 1 == 1 else { return false }
    guard activate(domain, .fault) else { return false }
    self[frame, .faultKind] = UInt64(kind.rawValue)
    self[frame, .faultAddress] = address
    self[frame, .faultSyndrome] = syndrome
    return true
  }

  mutating func activationReturn(by domain: ObjectName) throws(Refused) {
    guard let frame = controlBlock(of: domain) else { throw Refused(.notConfigured) }
    let index = self[domain, 0]
    guard index < Self.contextCount else { throw Refused(.outOfRange, detail: Self.contextCount) }
    let events = takeEvents(of: domain)
    guard events == 0 else {
      for (number, value) in [(0, 0), (1, 0), (8, events)] { self[domain, number] = value }
      return
    }
    for number in 0..<RegisterFrame.count {
      let isStatus = number == DomainValue.programStatus
      let value = frames[frame]?[Self.firstWord(of: index) + number] ?? 0
      domains[domain]?.registers[number] = value & (isStatus ? 0xf000_0000 : .max)
    }
    self[frame, .isOn] = 1
    domains[domain]?.contextChanges += 1
  }

  mutating func setControlBlock(of domain: ObjectName, _ call: Call) throws(Refused) {
    if call.words[0] == 0 { return delete(.own(.controlBlock, of: domain)) }
    let source = try argument(0, .frame, of: call).capability
    try require(Rights.read.union(.write), of: source, argument: 1)
    if frames[source.object]?.isDevice == true { throw Refused(.invalidArgument, argument: 1) }
    delete(.own(.controlBlock, of: domain))
    install(copyOf: source, in: .own(.controlBlock, of: domain))
  }
}
