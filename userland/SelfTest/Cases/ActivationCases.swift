internal import KernelObjects
internal import LibVesper
internal import SelfTestInstructions

extension SelfTest {
  mutating func activationCases() {
    sliceStarts()
    activationEvents()
    if Work.isCounted { lentTime() }
    waitingDomains()
    ownFaults()
    activationInterrupts()
  }

  private mutating func sliceStarts() {
    test("an activation is entered at the start of each slice, and goes on with what it interrupted") {
      t throws(Refusal) in
      let page = try CountedPage(&t)
      let activated = try Activated(&t, 0, [HelperStep(.countForever, page.address)])
      try activated.start()
      for _ in 0..<4 {
        let seen = Memory.read(page.address)
        let count = activated.record.count
        Processor.yield()
        t.equal(activated.record.count, count + 1, "activations in a slice")
        t.holds(Memory.read(page.address) > seen, "what was interrupted does not get on")
      }
      t.equal(activated.record.reasons, ActivationReason.sliceBegan.rawValue)
      t.equal(activated.record.refusal, 0)
    }
    test("every register survives an activation and the return from it") { t throws(Refusal) in
      let activated = try Activated(&t, 0, [HelperStep(Request(.yield))])
      let count = UInt64(RegisterFrame.count)
      var number: UInt64 = 0
      while number < count {
        let values = InlineArray<4, UInt64> { t.register(number + UInt64($0)) }
        let left = min(4, count - number)
        t.ended(
          .ok,
          call(
            .domainWriteRegisters, on: activated.helper.domain.pointer,
            [number, left, values[0], values[1], values[2], values[3]]))
        number += left
      }
      activated.block.isOn = 1
      try activated.helper.time.bind(to: activated.helper.domain)
      try activated.helper.domain.resume()
      for round in 1...3 as ClosedRange<UInt64> {
        Processor.yield()
        t.equal(activated.record.count, round)
        for number in 0..<count {
          let seen = try activated.helper.domain.readRegisters(from: number).words[0]
          t.equal(seen, t.register(number), "another value in a register")
        }
      }
    }
  }

  private mutating func activationEvents() {
    test("a signal to the bound Notification enters an activation of whoever is interrupted") {
      t throws(Refusal) in
      let (activated, _, signal) = try t.counting()
      Processor.yield()
      let count = activated.record.count
      try signal.signal()
      t.equal(activated.block.isOn, 0, "the activation is entered at once")
      t.equal(activated.block.reason, ActivationReason.event.rawValue)
      t.equal(activated.block.events, 6)
      t.nothing(signal)
      Processor.yield()
      t.equal(activated.record.count, count + 1)
      t.equal(activated.record.events, 6)
      t.equal(activated.block.isPending, 0)
    }
    test("a domain that signals itself has its answer when the activation is over") { t throws(Refusal) in
      let notification = try t.notification()
      let signal = NotificationCapability(try t.badged(notification.pointer, 6))
      let activated = try Activated(&t, 0, [HelperStep(Request(.send, on: signal.pointer))])
      try activated.helper.domain.bind(notification)
      try activated.start()
      t.settle()
      t.holds(activated.helper.isDone)
      t.ended(.ok, activated.helper.answer())
      t.equal(activated.record.events, 6)
    }
    test("signals wait while an activation lasts, and activationReturn comes back with them") {
      t throws(Refusal) in
      let (activated, _, signal) = try t.counting()
      activated.record.stay = 1
      t.settle()
      t.equal(activated.record.count, 1)
      t.equal(activated.block.isPending, 0)
      try signal.signal()
      t.equal(activated.block.isPending, 1)
      t.settle()
      t.equal(activated.record.count, 1)
      t.equal(activated.record.returned, 0)
      activated.record.stay = 0
      t.settle()
      t.equal(activated.record.returned, 6)
      t.equal(activated.record.events, 0)
      t.holds(activated.record.count > 1)
      t.nothing(signal)
    }
  }

  /// A slot is long enough for it by a clock that counts instructions.
  private mutating func lentTime() {
    test("lent time begins with an activation") { t throws(Refusal) in
      let activated = try Activated(&t, 0, [HelperStep(.load, t.laboratory.helperRecords[0])])
      try activated.start()
      try activated.helper.time.unbind()
      let back = try activated.helper.domain.run()
      t.holds(back.reason == .stopped)
      t.holds(activated.helper.isDone)
      t.equal(activated.record.count, 1)
      t.equal(activated.record.reasons, ActivationReason.sliceBegan.rawValue)
    }
  }

  private mutating func waitingDomains() {
    test("a signal that ends a receive is the receive's, and the next slice begins with an activation") {
      t throws(Refusal) in
      let notification = try t.notification()
      let endpoint = try t.endpoint()
      let activated = try Activated(
        &t, 0, [HelperStep(Request(.receive, on: endpoint.pointer)), HelperStep(Request(.yield))])
      try activated.helper.domain.bind(notification)
      try activated.start()
      t.settle()
      t.equal(activated.record.count, 1)
      try NotificationCapability(try t.badged(notification.pointer, 6)).signal()
      t.settle()
      t.equal(activated.helper.answer().badge, 6)
      t.equal(activated.record.events, 0)
      t.holds(activated.record.count > 1)
    }
    test("a domain that waits for something else has its signals when its next slice begins") {
      t throws(Refusal) in
      let notification = try t.notification()
      let other = try t.notification()
      let activated = try Activated(&t, 0, [HelperStep(Request(.receive, on: other.pointer))])
      try activated.helper.domain.bind(notification)
      try activated.start()
      t.settle()
      try NotificationCapability(try t.badged(notification.pointer, 6)).signal()
      t.settle()
      t.equal(activated.record.count, 1)
      t.equal(activated.block.isPending, 1)
      try other.signal()
      t.settle()
      t.holds(activated.helper.isDone)
      t.equal(activated.record.events, 6)
      t.equal(activated.record.returned, 0)
    }
  }

  private mutating func ownFaults() {
    test("a domain that wants its own faults is activated for them, and goes on") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let activated = try Activated(
        &t, 0, faultEndpoint: badged,
        [HelperStep(.load, 8), HelperStep(.execute, Instructions.undefined)])
      activated.block.flags = ActivationFlags.takesFaults.rawValue
      activated.block.isOn = 1
      try activated.helper.start()
      t.settle()
      t.holds(activated.helper.isDone)
      t.holds(ActivationReason(rawValue: activated.record.reasons).contains(.fault))
      t.equal(activated.block.faultKind, UInt64(FaultKind.undefinedInstruction.rawValue))
      t.ended(.noPartner, Request(.nonBlockingReceive, on: handler.pointer).perform())
    }
    test("an own fault tells where and what it was") { t throws(Refusal) in
      let activated = try Activated(&t, 0, [HelperStep(.load, 8), HelperStep(.countForever, 16)])
      activated.block.flags = ActivationFlags.takesFaults.rawValue
      activated.block.saveIndex = 5
      activated.record.stay = ActivationReason.fault.rawValue
      try activated.start()
      t.settle()
      t.equal(activated.block.reason, ActivationReason.fault.rawValue)
      t.equal(activated.block.savedIndex, 5)
      t.equal(activated.block.faultKind, UInt64(FaultKind.dataAbort.rawValue))
      t.equal(activated.block.faultAddress, 8)
      t.equal(activated.block.register(RegisterFrame.pcIndex, of: 5), Instructions.load)
    }
    test("a fault of a domain that does not want its own goes to its handler") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let activated = try Activated(&t, 0, faultEndpoint: badged, [HelperStep(.load, 8)])
      try activated.start()
      t.equal(try t.nextFault(handler).address, 8)
    }
    test("a fault in an activation goes to the handler") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let activated = try Activated(&t, 0, faultEndpoint: badged, [HelperStep(Request(.yield))])
      activated.block.flags = ActivationFlags.takesFaults.rawValue
      activated.block.entry = Instructions.undefined
      try activated.start()
      let fault = try t.nextFault(handler)
      t.holds(fault.kind == .undefinedInstruction)
      t.equal(fault.programCounter, Instructions.undefined)
      t.equal(fault.stackPointer, activated.block.stack)
    }
  }

  private mutating func activationInterrupts() {
    test("an interrupt activates a driver that was interrupted itself, at once") { t throws(Refusal) in
      let (activated, notification, _) = try t.counting()
      let line = try InputLine(&t, .level, badge: 2, at: notification)
      Processor.yield()
      let count = activated.record.count
      line.raise()
      // Its own slice can have begun since, before the root domain has its next.
      t.holds(activated.record.count > count)
      t.equal(activated.record.events, 2)
      line.lower()
    }
    test("an interrupt activates a driver that runs") { t throws(Refusal) in
      let page = try CountedPage(&t)
      let (line, notification) = try t.boundLine()
      let activated = try Activated(&t, 0, [HelperStep(.raiseForever, page.address, line.registers)])
      try activated.helper.domain.bind(notification)
      try activated.start()
      t.settle()
      t.equal(activated.record.events, 2)
      t.equal(activated.record.returned, 0)
      t.holds(Memory.read(page.address) > 1)
      try t.cnode.delete(activated.helper.domain.word)
      line.lower()
    }
    test("an interrupt waits for a driver in its activation") { t throws(Refusal) in
      let (activated, notification, _) = try t.counting()
      let line = try InputLine(&t, .level, badge: 2, at: notification)
      activated.record.stay = 1
      t.settle()
      line.raise()
      t.equal(activated.block.isPending, 1)
      t.equal(activated.record.events, 0)
      activated.record.stay = 0
      t.settle()
      t.equal(activated.record.returned, 2)
      line.lower()
    }
  }
}

extension Trial {
  /// A helper that counts and has activations on, started; its bound Notification, and a capability to signal that with
  /// badge 6.
  mutating func counting() throws(Refusal) -> (Activated, NotificationCapability, NotificationCapability) {
    let page = try CountedPage(&self)
    let activated = try Activated(&self, 0, [HelperStep(.countForever, page.address)])
    let notification = try notification()
    try activated.helper.domain.bind(notification)
    try activated.start()
    return (activated, notification, NotificationCapability(try badged(notification.pointer, 6)))
  }

  /// A low line with badge 2, and the Notification that it signals.
  fileprivate mutating func boundLine() throws(Refusal) -> (InputLine, NotificationCapability) {
    let line = try InputLine(&self, .level, badge: 2)
    return (line, line.notification)
  }

  /// What a case puts into a register, by its place in a `RegisterFrame`.
  fileprivate func register(_ number: UInt64) -> UInt64 {
    switch number {
    case RegisterFrame.pcIndex: selftest_spin_address()
    case RegisterFrame.pstateIndex: 0xa000_0000
    default: 0x0123_4567_89ab_0000 + number
    }
  }
}
