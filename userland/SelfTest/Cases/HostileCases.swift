internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func hostileCases() {
    randomSystemCalls()
    forbiddenInstructions()
    exhaustion()
    exhaustionOfTheKernel()
    revokingUnderWay()
  }

  private mutating func randomSystemCalls() {
    // For those who look on from outside.
    report.note("the attack begins")
    var calls: UInt64 = 0
    var successes: UInt64 = 0
    test("a million system calls with random registers harm nobody") { t throws(Refusal) in
      let service = try t.endpoint()
      _ = try t.startedHelper(3, [HelperStep(.serveForever, service.word)])
      let untyped = try t.untyped(18)
      var seed: UInt64 = 1
      while calls < 1_000_000 {
        try t.within(untyped) { t throws(Refusal) in
          var attack = try Attack(&t, seed: seed, service: service)
          try attack.run(until: 2_000)
          calls += attack.calls
          successes += attack.outcomes(.ok)
        }
        try t.cnode.revoke(untyped.word)
        try untyped.reset()
        t.equal(t.freeBytes(untyped), 1 << 18, "memory is missing after attack")
        try t.expectHealthy(service, seed)
        seed += 1
      }
    }
    report.note("\(calls) system calls, of which \(successes) were carried out")
  }

  private mutating func forbiddenInstructions() {
    test("after each forbidden thing that a domain does, another serves as before") { t throws(Refusal) in
      let service = try t.endpoint()
      _ = try t.startedHelper(3, [HelperStep(.serveForever, service.word)])
      let (handler, badged) = try t.faultEndpoint()
      let space = try IsolatedSpace(&t)
      let code: InlineArray<9, UInt64> = [
        Instructions.readPrivileged, Instructions.writePrivileged, Instructions.maskInterrupts,
        Instructions.invalidateTLB, Instructions.callHypervisor, Instructions.callMonitor,
        Instructions.undefined, Instructions.overflowStack, space.record,
      ]
      for index in code.indices {
        let attacker = try t.helper(0, in: space, faultEndpoint: badged, [HelperStep(.execute, code[index])])
        try attacker.start()
        _ = try t.nextFault(handler)
        try t.expectHealthy(service, UInt64(index))
        try t.cnode.delete(attacker.domain.word)
      }
      try each([0, 0xffff_0000_4020_0000, 0xffff_0000_0900_0000, 0x0800_0000, .max - 7]) {
        address throws(Refusal) in
        let steps = [HelperStep(.store, address, .max)] as InlineArray<1, HelperStep>
        let attacker = try t.helper(0, in: space, faultEndpoint: badged, steps)
        try attacker.start()
        _ = try t.nextFault(handler)
        try t.expectHealthy(service, address & 0xff)
        try t.cnode.delete(attacker.domain.word)
      }
    }
  }

  private mutating func exhaustion() {
    test("a domain that uses up its memory leaves others theirs") { t throws(Refusal) in
      let (service, untyped) = (try t.endpoint(), try t.untyped(14))
      _ = try t.startedHelper(3, [HelperStep(.serveForever, service.word)])
      let cnode = CNodeCapability(try t.make(.cnode, sizeBits: 9))
      for index in 0..<UInt64(512) { try untyped.retype(.endpoint, into: cnode, at: index) }
      t.refused(
        .notEnoughMemory, 3, 0, call(.untypedRetype, on: untyped.pointer, [8, 0, 1, t.cnode.word, t.slots()]))
      try t.expectHealthy(service, 1)
      try t.cnode.revoke(untyped.word)
      t.holds(!t.isFilled(511, of: cnode))
    }
    test("a domain that uses up its slots leaves others theirs") { t throws(Refusal) in
      let service = try t.endpoint()
      _ = try t.startedHelper(3, [HelperStep(.serveForever, service.word)])
      let cnode = CNodeCapability(try t.make(.cnode, sizeBits: 4))
      for index in 0..<UInt64(16) { try cnode.copy(to: index, from: t.slot(service.pointer)) }
      for index in 0..<UInt64(16) {
        t.refused(
          .slotOccupied, 1, 0, call(.cnodeCopy, on: cnode.pointer, [index, t.cnode.word, service.word, 7]))
      }
      try t.expectHealthy(service, 2)
    }
  }

  private mutating func exhaustionOfTheKernel() {
    test("all ASIDs are used up, and are there again when they are given back") { t throws(Refusal) in
      // ASID 0 is the empty space's, and one is the root domain's.
      let count = KernelState.asidCount - 2
      let cnode = CNodeCapability(try t.make(.cnode, sizeBits: 16))
      var made: UInt64 = 0
      for index in t.laboratory.reserves.indices {
        let reserve = t.laboratory.reserves[index].pointer
        while made < count {
          let answer = call(.untypedRetype, on: reserve, [4, 0, 1, cnode.word, made])
          if answer.status == Status.notEnoughMemory.rawValue { break }
          t.ended(.ok, answer)
          made += 1
        }
      }
      t.equal(made, count)
      t.refused(
        .exhausted, 1, 0, call(.untypedRetype, on: t.arena.pointer, [4, 0, 1, t.cnode.word, t.slots()]))
      try cnode.delete(count / 2)
      _ = try t.protectionDomain()
      for index in t.laboratory.reserves.indices {
        let reserve = t.laboratory.reserves[index]
        try t.cnode.revoke(reserve.word)
        try reserve.reset()
      }
    }
    test("all interrupts are handed out, taken back, and handed out again") { t throws(Refusal) in
      let first = t.slots(256)
      for _ in 0..<2 {
        var count: UInt64 = 0
        for irq in 0..<KernelState.irqCount {
          let answer = call(
            .irqControlGet, on: t.laboratory.irqControl.pointer, [irq, 0, t.cnode.word, first + irq])
          if answer.status == Status.ok.rawValue { count += 1 }
        }
        t.equal(count, KernelState.irqCount - 2, "all but the timer's and the console's")
        try t.cnode.revoke(t.laboratory.irqControl.word)
        t.holds(!t.isFilled(CapabilityPointer(first + 255)))
      }
    }
    test("all time is divided to the last slot and taken back") { t throws(Refusal) in
      let spare = t.laboratory.spareTime
      let first = t.slots(Laboratory.spareSlices)
      for kept in 1..<Laboratory.spareSlices {
        let keep = Laboratory.spareSlices - kept
        try spare.split(keeping: keep, restTo: SlotReference(t.cnode, first + kept))
      }
      t.refused(
        .outOfRange, 1, 1, call(.timeSliceSplit, on: spare.pointer, [1, t.cnode.word, first]))
      for kept in 1..<Laboratory.spareSlices { try t.cnode.delete(first + kept) }
    }
  }

  private mutating func revokingUnderWay() {
    test("CNodes nested 200 deep, each with the only capability to the next, are deleted at once") {
      t throws(Refusal) in
      let first = try t.make(.cnode, sizeBits: 1, count: 200)
      let end = try t.notification()
      let helper = try t.startedHelper(0, [HelperStep(Request(.receive, on: end.pointer))])
      // From the innermost outwards, since a CNode that was moved is not named any more.
      try CNodeCapability(CapabilityPointer(first.rawValue + 199)).move(to: 0, from: t.slot(end.pointer))
      for depth in (UInt64(1)..<200).reversed() {
        let outer = CNodeCapability(CapabilityPointer(first.rawValue + depth - 1))
        try outer.move(to: 1, from: SlotReference(t.cnode, first.rawValue + depth))
      }
      try t.cnode.delete(first.rawValue)
      t.settle()
      t.ended(.cancelled, helper.answer())
    }
    test("a server that is revoked while it serves leaves its client with an answer, 500 times") {
      t throws(Refusal) in
      let untyped = try t.untyped(18)
      let endpoint = try t.endpoint()
      let request = HelperStep(Request(.call, on: endpoint.pointer, Message(label: 7)))
      let client = try t.helper(1, [request])
      for _ in 0..<500 {
        client.prepare([request], domain: client.domain.word)
        try t.within(untyped) { t throws(Refusal) in
          let space = try IsolatedSpace(&t)
          let server = try t.helper(
            0, in: space,
            [
              HelperStep(Request(.receive, on: endpoint.pointer)),
              HelperStep(.countForever, space.record + 0xff0),
            ])
          try server.start()
          try client.start()
          Processor.yield()
          try t.cnode.delete(space.program.word)
        }
        try t.cnode.revoke(untyped.word)
        try untyped.reset()
        t.settle()
        if !client.isDone {
          // It had not been taken yet.
          _ = try endpoint.nonBlockingReceive()
          try ReplyCapability.reply(Message(label: 0))
          t.settle()
        }
        t.holds(client.isDone)
      }
    }
  }
}

extension Trial {
  /// Another domain does what it is for, and so does the kernel.
  fileprivate mutating func expectHealthy(_ service: EndpointCapability, _ number: UInt64) throws(Refusal) {
    let request = Message(label: number & 0xff, words: [number])
    let answer = try service.call(request).message
    equal(answer.label, serviceAnswer(to: request).label, "the server answers")
    equal(answer.words[0], serviceAnswer(to: request).words[0])
  }
}
