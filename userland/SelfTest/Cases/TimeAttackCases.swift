internal import KernelObjects
internal import LibVesper

// A domain gets no time that no TimeSlice gives it, whatever it does. Helper 0 has one slot, and watches the clock
// while helpers 1 and 2, with a slot each, try to have more. It must get each slot whole, and in each round.
extension SelfTest {
  mutating func timeAttackCases() {
    timeAttack("a domain that yields without end takes nobody's time") { t throws(Refusal) in
      try t.attack(1, HelperStep(forever: Request(.yield)))
      try t.attack(2, HelperStep(forever: Request(.yield)))
    }
    timeAttack("a domain that computes without end takes nobody's time") { t throws(Refusal) in
      let page = try t.page()
      try t.attack(1, HelperStep(.countForever, page + 64))
      try t.attack(2, HelperStep(.countForever, page + 128))
    }
    timeAttack("domains that call each other without end take nobody's time") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      try t.attack(2, HelperStep(.serveForever, endpoint.word))
      try t.attack(1, HelperStep(forever: Request(.call, on: endpoint.pointer)))
    }
    timeAttack("domains that meet without end take nobody's time") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      try t.attack(2, HelperStep(forever: Request(.receive, on: endpoint.pointer)))
      try t.attack(1, HelperStep(forever: Request(.send, on: endpoint.pointer)))
    }
    timeAttack("a domain that faults without end, and its handler, take nobody's time") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      try t.attack(2, HelperStep(.resumeForever, handler.word))
      try t.attack(1, faultEndpoint: badged, HelperStep(.load, 8))
    }
    timeAttack("a domain that suspends itself without end, and whoever resumes it, take nobody's time") {
      t throws(Refusal) in
      let sleeper = try t.helper(1, [HelperStep(forever: Request(.yield))])
      let own = sleeper.domain.pointer
      sleeper.prepare(
        [HelperStep(forever: Request(.call, on: own, Message(label: Invocation.domainSuspend.rawValue)))],
        domain: sleeper.domain.word)
      try t.attack(
        2, HelperStep(forever: Request(.call, on: own, Message(label: Invocation.domainResume.rawValue))))
      try sleeper.start()
    }
    timeAttack("a domain that moves its slot about without end takes nobody's time") { t throws(Refusal) in
      let time = t.laboratory.helperTimes[1].pointer
      let helper = try t.helper(1, [HelperStep(forever: Request(.yield))])
      helper.prepare(
        [
          HelperStep(
            forever: Request(
              .call, on: time,
              Message(label: Invocation.timeSliceBind.rawValue, words: [helper.domain.word])))
        ], domain: helper.domain.word)
      try helper.start()
      try t.attack(
        2, HelperStep(forever: Request(.call, on: time, Message(label: Invocation.timeSliceUnbind.rawValue))))
    }
  }

  private mutating func timeAttack(
    _ name: StaticString, _ begin: @escaping (inout Trial) throws(Refusal) -> Void
  ) {
    test(name) { t throws(Refusal) in
      let page = try t.page()
      let watcher = try t.helper(0, [HelperStep(.reportSlots, page, 20)])
      try watcher.start()
      try begin(&t)
      while !watcher.isDone { Processor.yield() }
      let report = SlotReport(at: page)
      // What a switch takes is not the domain's.
      let slack: UInt64 = 100
      t.holds(report.shortest + slack >= SlotReport.length, "a slot that was cut short")
      t.holds(report.longestGap <= 3 * SlotReport.length + slack, "a round that was too long")
    }
  }
}

extension Trial {
  fileprivate mutating func attack(
    _ number: Int, faultEndpoint: EndpointCapability? = nil, _ step: HelperStep
  ) throws(Refusal) {
    try helper(number, faultEndpoint: faultEndpoint, [step]).start()
  }
}
