internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func floatingPointCases() {
    keeping()
    beginning()
    floatingPointRegisters()
    hostileUse()
  }

  private mutating func keeping() {
    test("domains that take turns keep their floating-point registers") { t throws(Refusal) in
      try t.expectKept(t.helper(0, t.vectorSteps(1)), t.helper(1, t.vectorSteps(2)))
    }
    test("domains in spaces of their own keep their floating-point registers") { t throws(Refusal) in
      let first = try IsolatedSpace(&t)
      let second = try IsolatedSpace(&t)
      try t.expectKept(
        t.helper(0, in: first, t.vectorSteps(1)), t.helper(1, in: second, t.vectorSteps(2)))
    }
    test("a call and its answer keep the floating-point registers of both sides") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let server = try t.startedHelper(
        0,
        [
          HelperStep(.setVectors, 0, 6), HelperStep(Request(.receive, on: endpoint.pointer)),
          HelperStep(.countOtherVectors, 0, 6), HelperStep(Request(.replyReceive, on: endpoint.pointer)),
          HelperStep(.countOtherVectors, 0, 6), HelperStep(Request(.reply)),
        ])
      let own = Vectors(5)
      own.set()
      for _ in 0..<2 {
        _ = try endpoint.call(Message(label: 1))
        t.equal(own.countOthers(), 0, "registers of the client")
      }
      t.settle()
      t.holds(server.isDone)
      t.equal(server.answer(2).words[0] + server.answer(4).words[0], 0, "registers of the server")
    }
    test("a fault and its answer keep the floating-point registers") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let helper = try t.helper(
        0, faultEndpoint: badged,
        [
          HelperStep(.setVectors, 0, 3), HelperStep(.execute, Instructions.undefined),
          HelperStep(.countOtherVectors, 0, 3),
        ])
      try helper.start()
      let fault = try t.nextFault(handler)
      Vectors(9).set()
      t.ended(.ok, call(.domainWriteRegisters, on: helper.domain.pointer, [32, 1, fault.programCounter + 4]))
      t.ended(.ok, Request(.reply).perform())
      t.settle()
      t.holds(helper.isDone)
      t.equal(helper.answer(2).words[0], 0)
    }
  }

  private mutating func beginning() {
    test("a new domain finds zero in every floating-point register") { t throws(Refusal) in
      let own = Vectors(7)
      own.set()
      let helper = try t.startedHelper(0, [HelperStep(.anyVectorBits, 0)])
      t.holds(helper.isDone)
      t.equal(helper.answer().words[0], 0)
      t.equal(own.countOthers(), 0)
    }
    test("a domain in the memory of one that is gone finds nothing of it") { t throws(Refusal) in
      let own = Vectors(3)
      own.set()
      let memory = try t.untyped(Domain.sizeBits)
      for round in 0..<3 as Range<UInt64> {
        try t.within(memory) { t throws(Refusal) in
          // The last to use the registers, and then no more.
          let helper = try t.startedHelper(
            0, [HelperStep(.anyVectorBits, 0), HelperStep(.setVectors, 0, 4 + round)])
          t.holds(helper.isDone)
          t.equal(helper.answer().words[0], 0)
        }
        try t.cnode.revoke(memory.word)
        try memory.reset()
      }
      t.equal(own.countOthers(), 0)
    }
    test("the registers of a domain that uses them until it is gone are nobody's") { t throws(Refusal) in
      let page = try CountedPage(&t)
      let helper = try t.startedHelper(0, [HelperStep(.keepVectorsForever, page.address, 1)])
      try t.cnode.delete(helper.domain.word)
      let heir = try t.startedHelper(0, [HelperStep(.anyVectorBits, 0)])
      t.holds(heir.isDone)
      t.equal(heir.answer().words[0], 0)
    }
  }

  private mutating func floatingPointRegisters() {
    test("readRegisters shows the floating-point registers of a stopped domain") { t throws(Refusal) in
      let vectors = Vectors(1)
      let helper = try t.startedHelper(0, [HelperStep(.setVectors, 0, 1)])
      t.equal(try helper.domain.readRegisters(from: 63).words[0], vectors.control)
      for number in 0..<32 as Range<UInt64> {
        let read = try helper.domain.readRegisters(from: 64 + 2 * number)
        t.equal(read.words[0], vectors.first + number)
        t.equal(read.words[1], vectors.first + number)
      }
      t.equal(try helper.domain.readRegisters(from: 127).length, 1)
    }
    test("writeRegisters sets the floating-point registers of a stopped domain") { t throws(Refusal) in
      let helper = try t.startedHelper(0, [HelperStep(.setVectors, 0, 0)])
      try helper.domain.writeRegisters(from: 64, [1, 2, 3, 4])
      let read = try helper.domain.readRegisters(from: 64)
      t.equal(read.words[3], 4)
      t.equal(read.words[4], Vectors(0).first + 2)
      helper.prepare([HelperStep(.countOtherVectors, 0, 0)], domain: helper.domain.word)
      try helper.start()
      t.settle()
      t.holds(helper.isDone)
      t.equal(helper.answer().words[0], 2, "registers that were written")
    }
    test("readRegisters and writeRegisters refuse numbers between and behind the registers") {
      t throws(Refusal) in
      let domain = try t.make(.domain)
      t.refused(.outOfRange, 1, 35, call(.domainReadRegisters, on: domain, [61]))
      t.refused(.outOfRange, 1, 128, call(.domainReadRegisters, on: domain, [128]))
      t.refused(.outOfRange, 1, 35, call(.domainWriteRegisters, on: domain, [35, 1, 0]))
      t.refused(.outOfRange, 1, 128, call(.domainWriteRegisters, on: domain, [128, 1, 0]))
      t.refused(.outOfRange, 2, 2, call(.domainWriteRegisters, on: domain, [127, 2, 0]))
    }
  }

  private mutating func hostileUse() {
    test("domains that are interrupted at any point keep their floating-point registers") {
      t throws(Refusal) in
      let pages: InlineArray<3, CountedPage> = [
        try CountedPage(&t), try CountedPage(&t), try CountedPage(&t),
      ]
      for number in 0..<3 {
        _ = try t.startedHelper(
          number, [HelperStep(.keepVectorsForever, pages[number].address, UInt64(number))])
      }
      for _ in 0..<4 { t.settle() }
      for number in 0..<3 {
        t.holds(Memory.read(pages[number].address) > 1, "it does not get on")
        t.equal(Memory.read(pages[number].address + 8), 0, "registers of another")
      }
    }
    test("control bits that a domain sets are its own") { t throws(Refusal) in
      let own = Vectors(2)
      own.set()
      let domain = try t.make(.domain)
      t.ended(.ok, call(.domainWriteRegisters, on: domain, [62, 2, .max, .max]))
      let helper = try t.helper(0, [HelperStep(.setVectors, 0, 7)])
      t.ended(.ok, call(.domainWriteRegisters, on: helper.domain.pointer, [62, 2, .max, .max]))
      try helper.start()
      t.settle()
      t.holds(helper.isDone)
      t.equal(own.countOthers(), 0)
    }
  }
}

extension Trial {
  /// Sets registers, and looks whether they are still there when others have had their turn, three times over.
  fileprivate func vectorSteps(_ number: UInt64) -> InlineArray<9, HelperStep> {
    let set = HelperStep(.setVectors, 0, number)
    let giveWay = HelperStep(Request(.yield))
    let check = HelperStep(.countOtherVectors, 0, number)
    return [set, giveWay, check, giveWay, check, set, giveWay, giveWay, check]
  }

  /// The root domain is the third to use the registers.
  fileprivate mutating func expectKept(_ first: Helper, _ second: Helper) throws(Refusal) {
    let own = Vectors(4)
    own.set()
    try first.start()
    try second.start()
    for _ in 0..<2 {
      settle()
      equal(own.countOthers(), 0, "registers of the root domain")
    }
    let helpers: InlineArray<2, Helper> = [first, second]
    let checks: InlineArray<3, Int> = [2, 4, 8]
    for index in helpers.indices {
      let helper = helpers[index]
      holds(helper.isDone)
      for check in checks.indices {
        equal(helper.answer(checks[check]).words[0], 0, "registers of a helper")
      }
    }
  }
}
