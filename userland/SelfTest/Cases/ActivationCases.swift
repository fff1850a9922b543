internal import KernelObjects
internal import LibVesper
internal import SelfTestInstructions

extension SelfTest {
  mutating func activationCases() {
    sliceStarts()
    activationEvents()
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
      let page = try CountedPage(&t)
      let activated = try Activated(&t, 0, [HelperStep(.countForever, page.address)])
      let notification = try t.notification()
      try activated.helper.domain.bind(notification)
      try activated.start()
      Processor.yield()
      let count = activated.record.count
      try NotificationCapability(try t.badged(notification.pointer, 6)).signal()
      t.equal(activated.block.isOn, 0, "the activation is entered at once")
      t.equal(activated.block.reason, ActivationReason.event.rawValue)
      t.equal(activated.block.events, 6)
      t.nothing(notification)
      Processor.yield()
      t.equal(activated.record.count, count + 1)
      t.equal(activated.record.events, 6)
      t.equal(activated.block.isPending, 0)
    }
  }
}

extension Trial {
  /// What a case puts into a register, by its place in a `RegisterFrame`.
  fileprivate func register(_ number: UInt64) -> UInt64 {
    switch number {
    case RegisterFrame.pcIndex: selftest_spin_address()
    case RegisterFrame.pstateIndex: 0xa000_0000
    default: 0x0123_4567_89ab_0000 + number
    }
  }
}
