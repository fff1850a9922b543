internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func directedDispatchCases() {
    reasons()
    times()
    events()
    servers()
    nesting()
    runRefusals()
  }

  private mutating func reasons() {
    test("run comes back when its domain waits, and tells what for") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.borrower(0, [HelperStep(Request(.receive, on: endpoint.pointer))])
      t.back(try helper.domain.run(), .blocked, UInt64(DomainState.blockedOnReceive.rawValue))
      t.back(try helper.domain.run(), .blocked, UInt64(DomainState.blockedOnReceive.rawValue))
      try endpoint.send(Message(label: 0))
      t.back(try helper.domain.run(), .stopped)
      t.holds(helper.isDone)
    }
    test("run comes back when its domain is done, and at once if it never began") { t throws(Refusal) in
      let helper = try t.borrower(0, [HelperStep(.load, t.laboratory.helperRecords[0])])
      t.back(try helper.domain.run(), .stopped)
      t.holds(helper.isDone)
      let other = try t.helper(1, [HelperStep(Request(.yield))])
      t.back(try other.domain.run(), .stopped)
    }
    test("run comes back when its domain yields, and goes on from there") { t throws(Refusal) in
      let helper = try t.borrower(0, [HelperStep(Request(.yield)), HelperStep(Request(.yield))])
      t.back(try helper.domain.run(), .yielded)
      t.equal(helper.finished, 0)
      t.back(try helper.domain.run(), .yielded)
      t.equal(helper.finished, 1)
      t.back(try helper.domain.run(), .stopped)
    }
    test("run comes back when its domain faults and nobody serves that") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let kind = UInt64(FaultKind.dataAbort.rawValue)
      t.back(try t.borrower(0, [HelperStep(.load, 8)]).domain.run(), .faulted, kind)
      let helper = try t.borrower(1, faultEndpoint: badged, [HelperStep(.load, 8)])
      t.back(try helper.domain.run(), .faulted, kind)
      t.equal(try t.nextFault(handler).address, 8)
    }
  }

  private mutating func times() {
    test("run comes back at the time it was given") { t throws(Refusal) in
      let page = try t.page()
      let helper = try t.borrower(0, [HelperStep(.countForever, page)])
      Processor.yield()
      for _ in 0..<10 {
        let until = Processor.time + SlotReport.length / 20
        t.back(try helper.domain.run(until: until), .expired)
        t.holds(Processor.time >= until && Processor.time < until + 200, "another time")
      }
      t.holds(Memory.read(page) > 0)
    }
    test("run comes back at once if its time has passed") { t throws(Refusal) in
      let page = try t.page()
      let helper = try t.borrower(0, [HelperStep(.countForever, page)])
      t.back(try helper.domain.run(until: Processor.time), .expired)
      t.equal(Memory.read(page), 0)
    }
    test("run comes back after the slice, of which its domain gets no more") { t throws(Refusal) in
      let page = try t.page()
      let helper = try t.borrower(0, [HelperStep(.countForever, page)])
      Processor.yield()
      let start = Processor.time
      t.back(try helper.domain.run(), .sliceEnded)
      t.holds(Processor.time - start < SlotReport.length + 200, "more than a slice")
      t.holds(Processor.time - start > SlotReport.length - 200, "less than a slice")
    }
    test("a slice that is taken from the lender is taken from the borrower") { t throws(Refusal) in
      let page = try t.page()
      let borrower = try t.borrower(0, [HelperStep(.countForever, page)])
      let lender = try t.startedHelper(1, [HelperStep(runRequest(borrower.domain))])
      let seen = Memory.read(page)
      t.holds(seen > 0)
      try lender.time.unbind()
      t.settle()
      t.equal(Memory.read(page), seen)
      try lender.time.bind(to: lender.domain)
      t.settle()
      t.equal(lender.answer().words[0], RunReason.sliceEnded.rawValue)
    }
  }

  private mutating func events() {
    test("run comes back for an event, with its badge") { t throws(Refusal) in
      let own = try t.boundNotification()
      let badged = NotificationCapability(try t.badged(own.pointer, 6))
      let helper = try t.borrower(0, [HelperStep(Request(.send, on: badged.pointer))])
      let back = try helper.domain.run()
      t.back(back, .event)
      t.equal(back.events, 6)
      t.equal(helper.finished, 0)
      t.back(try helper.domain.run(), .stopped)
      try t.laboratory.domain.bind(nil)
    }
    test("run comes back at once for an event that came before") { t throws(Refusal) in
      let own = try t.boundNotification()
      try NotificationCapability(try t.badged(own.pointer, 6)).signal()
      let helper = try t.borrower(0, [HelperStep(Request(.yield))])
      let back = try helper.domain.run()
      t.back(back, .event)
      t.equal(back.events, 6)
      t.back(try helper.domain.run(), .yielded)
      try t.laboratory.domain.bind(nil)
    }
  }

  private mutating func servers() {
    test("a server runs on time that its caller was lent, and so does the caller of that") {
      t throws(Refusal) in
      let endpoint = try t.endpoint()
      let server = try t.borrower(0, [HelperStep(.serveForever, endpoint.word)])
      t.back(try server.domain.run(), .blocked, UInt64(DomainState.blockedOnReceive.rawValue))
      let client = try t.borrower(
        1, [HelperStep(Request(.call, on: endpoint.pointer, Message(label: 7, words: [5])))])
      t.back(try client.domain.run(), .stopped)
      t.equal(client.answer().words[0], 15)
    }
    test("a server gives lent time back when its caller is destroyed") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let page = try t.page()
      let client = try t.borrower(0, [HelperStep(Request(.call, on: endpoint.pointer))])
      let delete = Message(label: Invocation.cnodeDelete.rawValue, words: [client.domain.word])
      let server = try t.borrower(
        1,
        [
          HelperStep(Request(.receive, on: endpoint.pointer)),
          HelperStep(Request(.call, on: t.cnode.pointer, delete)), HelperStep(.countForever, page),
        ])
      t.back(try server.domain.run(), .blocked, UInt64(DomainState.blockedOnReceive.rawValue))
      t.back(try client.domain.run(), .stopped)
      t.equal(server.finished, 1)
      t.equal(Memory.read(page), 0)
      t.holds(!t.isFilled(client.domain.pointer))
    }
  }

  private mutating func nesting() {
    test("a scheduler that runs a scheduler has its time back first") { t throws(Refusal) in
      let page = try t.page()
      let inner = try t.borrower(0, [HelperStep(.countForever, page)])
      let scheduler = try t.borrower(
        1, [HelperStep(runRequest(inner.domain)), HelperStep(runRequest(inner.domain))])
      Processor.yield()
      t.back(try scheduler.domain.run(until: Processor.time + 10_000), .expired)
      t.equal(scheduler.finished, 0)
      let seen = Memory.read(page)
      t.holds(seen > 0)
      t.back(try scheduler.domain.run(until: Processor.time + 10_000), .expired)
      t.equal(scheduler.finished, 1)
      t.equal(scheduler.answer().words[0], RunReason.sliceEnded.rawValue)
      t.holds(Memory.read(page) > seen)
    }
    test("a domain that lends its time to who lent it to it has it back at once") { t throws(Refusal) in
      let helper = try t.borrower(0, [HelperStep(runRequest(t.laboratory.domain))])
      t.back(try helper.domain.run(), .stopped)
      t.equal(helper.answer().words[0], RunReason.blocked.rawValue)
      t.equal(helper.answer().words[1], UInt64(DomainState.lending.rawValue))
    }
    test("run refuses a ninth lender of one slice") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      let target = try t.borrower(0, [HelperStep(Request(.yield))])
      var next = target.domain
      var innermost: Helper?
      for number in 0..<UInt64(8) {
        let helper = try t.helper(in: segment, number, [HelperStep(runRequest(next))])
        try helper.domain.start(
          programCounter: Helper.entry, stackPointer: HelperMemory.stackEnd(helper.record),
          arguments: [helper.record, 0, 0])
        if innermost == nil { innermost = helper }
        next = helper.domain
      }
      t.back(try next.run(), .stopped)
      if let innermost {
        var answer = innermost.answer()
        answer.invocation = Invocation.domainRun.rawValue
        t.refused(.exhausted, 0, 0, answer)
      }
      t.equal(target.finished, 0)
    }
  }

  private mutating func runRefusals() {
    test("run refuses the caller itself, and a domain that is not configured") { t throws(Refusal) in
      t.refused(.invalidArgument, 0, 0, call(.domainRun, on: t.laboratory.domain.pointer, [0]))
      t.refused(.notConfigured, 0, 0, call(.domainRun, on: try t.make(.domain), [0]))
    }
  }
}

private func runRequest(_ domain: DomainCapability) -> Request {
  Request(.call, on: domain.pointer, Message(label: Invocation.domainRun.rawValue, words: [0]))
}

extension Trial {
  fileprivate mutating func back(
    _ back: TimeReturn, _ reason: RunReason, _ detail: UInt64 = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    equal(back.reason?.rawValue ?? 0, reason.rawValue, "another reason", file: file, line: line)
    equal(back.detail, detail, "another detail", file: file, line: line)
  }

  /// One more helper than the laboratory has memory for, without time of its own.
  fileprivate mutating func helper<let count: Int>(
    in segment: SegmentCapability, _ number: UInt64, _ steps: InlineArray<count, HelperStep>
  ) throws(Refusal) -> Helper {
    let first = number * HelperMemory.pageCount
    try segment.map(try frame(), at: first, rights: .readWrite)
    for page in 0..<HelperMemory.stackPages {
      try segment.map(try frame(), at: first + HelperMemory.stackPage + page, rights: .readWrite)
    }
    let domain = DomainCapability(try make(.domain))
    try domain.configure(cnode: cnode, protectionDomain: laboratory.protectionDomain, faultEndpoint: nil)
    let helper = Helper(
      domain: domain, time: laboratory.spareTime,
      record: try segment.address() + first << AddressSpace.pageBits)
    helper.prepare(steps, domain: domain.word)
    return helper
  }
}
