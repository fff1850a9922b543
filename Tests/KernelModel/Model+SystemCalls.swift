internal import KernelObjects

/// A call on a kernel object.
struct Call {
  let caller: ObjectName
  let place: Place
  let capability: CapabilityValue
  /// The six message words.
  let words: [UInt64]
}

extension Model {
  /// Who runs makes the system call that its registers say.
  mutating func systemCall() {
    guard let caller = current else { return }
    let number = self[caller, 8]
    if let call = SystemCall(rawValue: number) {
      do throws(Refused) {
        try perform(call, by: caller)
      } catch {
        self[caller, 0] = error.status.rawValue
        self[caller, 1] = MessageInfo(label: 0, length: 2).word
        self[caller, 2] = error.argument
        self[caller, 3] = error.detail
      }
    } else {
      let address = domains[caller]?.registers[DomainValue.programCounter] ?? 0
      report(.unknownSystemCall, of: caller, address: address, syndrome: number)
    }
    settle()
  }

  private mutating func perform(_ call: SystemCall, by caller: ObjectName) throws(Refused) {
    switch call {
    case .call: try send(by: caller, isCall: true, isBlocking: true)
    case .send: try send(by: caller, isCall: false, isBlocking: true)
    case .nonBlockingSend: try send(by: caller, isCall: false, isBlocking: false)
    case .receive: try receive(by: caller, isBlocking: true)
    case .nonBlockingReceive: try receive(by: caller, isBlocking: false)
    case .reply:
      try reply(through: .own(.caller, of: caller), by: caller)
      succeed(caller)
    case .replyReceive: try replyReceive(by: caller)
    case .yield:
      succeed(caller)
      yield()
    case .activationReturn: try activationReturn(by: caller)
    }
  }

  private mutating func send(by caller: ObjectName, isCall: Bool, isBlocking: Bool) throws(Refused) {
    let place = try resolve(self[caller, 0], by: caller, argument: 0)
    guard let capability = slots[place] else { throw Refused(.invalidCapability, detail: 64) }
    switch capability.type {
    case .endpoint: try send(through: capability, from: caller, isCall: isCall, isBlocking: isBlocking)
    case .notification:
      try require(.write, of: capability)
      succeed(caller)
      signal(capability.object, badge: capability.badge)
    case .reply:
      try reply(through: place, by: caller)
      succeed(caller)
    default:
      guard isCall else { throw Refused(.wrongType, detail: UInt64(capability.type.rawValue)) }
      let words = (2...7).map { self[caller, $0] }
      try invoke(Call(caller: caller, place: place, capability: capability, words: words))
    }
  }

  private mutating func receive(by caller: ObjectName, isBlocking: Bool) throws(Refused) {
    let place = try resolve(self[caller, 0], by: caller, argument: 0)
    guard let capability = slots[place] else { throw Refused(.invalidCapability, detail: 64) }
    switch capability.type {
    case .endpoint: try receive(through: capability, by: caller, isBlocking: isBlocking)
    case .notification: try wait(for: capability, by: caller, isBlocking: isBlocking)
    default: throw Refused(.wrongType, detail: UInt64(capability.type.rawValue))
    }
  }

  private mutating func replyReceive(by server: ObjectName) throws(Refused) {
    let endpoint = try lookUp(.endpoint, self[server, 0], by: server, argument: 0).capability
    try require(.read, of: endpoint)
    let place = Place.own(.caller, of: server)
    let answered = slots[place]?.object
    if answered != nil { try reply(through: place, by: server) }
    try receive(through: endpoint, by: server, isBlocking: true)
    // Whoever was answered gets its time back at once.
    if let answered, isReady(answered) { current = answered }
  }

  private mutating func invoke(_ call: Call) throws(Refused) {
    let label = MessageInfo(word: self[call.caller, 1]).label
    guard let invocation = Invocation(rawValue: label), invocation.objectType == call.capability.type.rawValue
    else { throw Refused(.invalidInvocation, detail: label) }
    let answer = try perform(invocation, call)
    // Who deleted or stopped itself has no use for an answer, but a stopped Domain still gets it.
    succeed(call.caller)
    guard !answer.isEmpty else { return }
    self[call.caller, 1] = MessageInfo(label: 0, length: UInt64(answer.count)).word
    for (index, word) in answer.enumerated() { self[call.caller, 2 + index] = word }
  }

  /// - Returns: the words that the caller is answered with.
  private mutating func perform(_ invocation: Invocation, _ call: Call) throws(Refused) -> [UInt64] {
    switch call.capability.type {
    case .untyped: try invokeUntyped(invocation, call)
    case .cnode: try invokeCNode(invocation, call)
    case .domain: return try invokeDomain(invocation, call)
    case .protectionDomain: try invokeProtectionDomain(invocation, call)
    case .segment: return try invokeSegment(invocation, call)
    case .frame: return try invokeFrame(invocation, call)
    case .timeSlice: try invokeTimeSlice(invocation, call)
    case .irqControl: try invokeIRQControl(invocation, call)
    case .irqHandler: try invokeIRQHandler(invocation, call)
    case .debug: try invokeDebug(invocation, call)
    default: break
    }
    return []
  }

  private mutating func succeed(_ caller: ObjectName) {
    self[caller, 0] = Status.ok.rawValue
    self[caller, 1] = 0
  }
}

extension Model {
  /// The capability of `type` that message word `index` names.
  func argument(_ index: Int, _ type: CapabilityType, of call: Call)
    throws(Refused) -> (place: Place, capability: CapabilityValue)
  {
    try lookUp(type, call.words[index], by: call.caller, argument: UInt64(index) + 1)
  }

  /// The empty slot that words `index` (CNode) and `index + 1` name.
  func destination(_ index: Int, of call: Call) throws(Refused) -> Place {
    let cnode = try argument(index, .cnode, of: call).capability
    return try emptySlot(call.words[index + 1], of: cnode, argument: UInt64(index) + 2)
  }

  func rights(_ index: Int, of call: Call) throws(Refused) -> Rights {
    let word = call.words[index]
    guard word <= 7 else { throw Refused(.outOfRange, argument: UInt64(index) + 1, detail: 8) }
    return Rights(rawValue: UInt8(word))
  }
}
