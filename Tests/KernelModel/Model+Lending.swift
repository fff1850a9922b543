internal import KernelObjects

/// Who lent of the present slot to whom, and until when at most.
struct Lending: Equatable {
  let lender: ObjectName
  let borrower: ObjectName
  let until: UInt64
}

extension Model {
  /// - Returns: reason and detail if it comes back at once.
  mutating func run(_ domain: ObjectName, _ call: Call) throws(Refused) -> [UInt64] {
    guard domain != call.caller else { throw Refused(.invalidArgument) }
    try requireConfigured(domain)
    guard lendings.count < 8 else { throw Refused(.exhausted) }
    if let bound = domains[call.caller]?.boundNotification, let events = notifications[bound]?.pending,
      events != 0
    {
      notifications[bound]?.pending = 0
      self[call.caller, 8] = events
      return [RunReason.event.rawValue, 0]
    }
    let until = call.words[0] == 0 ? .max : call.words[0]
    if until <= now {
      self[call.caller, 8] = 0
      return [RunReason.expired.rawValue, 0]
    }
    if service != nil {
      // It comes back when it can run again, in a slot of its own.
      self[call.caller, 8] = 0
      current = nil
      return [RunReason.sliceEnded.rawValue, 0]
    }
    domains[call.caller]?.activity = .lending
    lendings.append(
      Lending(lender: call.caller, borrower: domain, until: min(until, lendings.last?.until ?? .max)))
    current = nil
    activate(domain, .sliceBegan)
    return []
  }

  mutating func resumeLending() {
    guard let last = lendings.last else { return }
    endService()
    if let runner = runner(for: last.borrower) {
      current = runner
      arm()
    } else {
      giveBack(through: last.lender, reason(of: last.borrower), detail: detail(of: last.borrower))
    }
  }

  mutating func expireLending() {
    guard let outermost = lendings.first(where: { $0.until <= now }) else { return arm() }
    giveBack(through: outermost.lender, .expired)
  }

  /// `lender` has its time back, and goes on.
  mutating func giveBack(
    through lender: ObjectName, _ reason: RunReason, detail: UInt64 = 0, events: UInt64 = 0
  ) {
    endService()
    endLending(through: lender, reason, detail: detail, events: events)
    current = lender
    arm()
  }

  /// All that lent after `last`, and `last`, have their time back; nil is all.
  mutating func endLending(
    through last: ObjectName?, _ reason: RunReason, detail: UInt64 = 0, events: UInt64 = 0
  ) {
    while let lending = lendings.popLast() {
      if lending.lender == last { return comeBack(lending.lender, reason, detail, events) }
      comeBack(lending.lender, .sliceEnded, 0, 0)
    }
  }

  private mutating func comeBack(
    _ lender: ObjectName, _ reason: RunReason, _ detail: UInt64, _ events: UInt64
  ) {
    let words = [0, MessageInfo(label: 0, length: 2).word, reason.rawValue, detail]
    for (number, word) in words.enumerated() { self[lender, number] = word }
    self[lender, 8] = events
    domains[lender]?.activity = .ready
  }

  mutating func arm() {
    deadline = min(sliceEnd, lendings.last?.until ?? .max, service?.end ?? .max)
  }

  private func isFaulted(_ borrower: ObjectName) -> Bool {
    switch domains[borrower]?.activity {
    case .sending, .awaitingReply: domains[borrower]?.sending.isFault ?? false
    case .inactive: domains[borrower]?.faultKind != FaultKind.none
    default: false
    }
  }

  private func reason(of borrower: ObjectName) -> RunReason {
    if isFaulted(borrower) { return .faulted }
    return domains[borrower]?.activity == .inactive ? .stopped : .blocked
  }

  private func detail(of borrower: ObjectName) -> UInt64 {
    guard let domain = domains[borrower] else { return 0 }
    return UInt64(isFaulted(borrower) ? domain.faultKind.rawValue : domain.activity.state.rawValue)
  }

  /// A Domain is stopped: what it lent has come back for nothing.
  mutating func stopLending(by domain: ObjectName) {
    endService()
    endLending(through: domain, .stopped)
    arm()
    current = nil
  }

  mutating func stopLending(to domain: ObjectName) {
    guard let lending = lendings.last(where: { $0.borrower == domain }) else { return }
    stopLending(by: lending.lender)
  }
}
