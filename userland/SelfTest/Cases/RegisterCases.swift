internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func registerCases() {
    registers()
    registerRefusals()
  }

  private mutating func registers() {
    test("writeRegisters sets what readRegisters shows") { t throws(Refusal) in
      let domain = DomainCapability(try t.make(.domain))
      try domain.writeRegisters(from: 4, [0x11, 0x22, 0x33, 0x44])
      let read = try domain.readRegisters(from: 3)
      t.equal(read.length, 6)
      t.equal(read.words[0], 0)
      t.equal(read.words[1], 0x11)
      t.equal(read.words[4], 0x44)
      t.equal(read.words[5], 0)
    }
    test("readRegisters returns fewer at the end") { t throws(Refusal) in
      let domain = DomainCapability(try t.make(.domain))
      t.equal(try domain.readRegisters(from: 34).length, 1)
      t.equal(try domain.readRegisters(from: 29).length, 6)
    }
    test("writeRegisters grants no privilege through the program status") { t throws(Refusal) in
      let domain = try t.make(.domain)
      let answer = call(.domainWriteRegisters, on: domain, [33, 1, .max])
      t.ended(.ok, answer)
      t.equal(try DomainCapability(domain).readRegisters(from: 33).words[0], 0xf000_0000)
    }
    test("writeRegisters changes what a stopped domain does") { t throws(Refusal) in
      let page = try CountedPage(&t)
      let helper = try t.startedHelper(0, [HelperStep(.countForever, page.address)])
      try helper.domain.suspend()
      // As if it began again, with another thing to do.
      helper.prepare([HelperStep(Request(.yield))], domain: helper.domain.word)
      try helper.domain.start(
        programCounter: 4, stackPointer: HelperMemory.stackEnd(helper.record),
        arguments: [helper.record, 0, 0])
      t.ended(.ok, call(.domainWriteRegisters, on: helper.domain.pointer, [32, 1, Helper.entry]))
      t.settle()
      t.holds(helper.isDone)
    }
    test("setName is taken from the domain's own and from the Debug capability") { t throws(Refusal) in
      let domain = DomainCapability(try t.make(.domain))
      try domain.setName(DomainName("sixteen-letters!"))
      try t.laboratory.debug.setName(of: domain, DomainName("short"))
    }
  }

  private mutating func registerRefusals() {
    test("readRegisters refuses a register that does not exist") { t throws(Refusal) in
      let domain = try t.make(.domain)
      t.refused(.outOfRange, 1, 35, call(.domainReadRegisters, on: domain, [35]))
      t.refused(.outOfRange, 1, 128, call(.domainReadRegisters, on: domain, [.max]))
    }
    test("writeRegisters refuses a register that does not exist") { t throws(Refusal) in
      let domain = try t.make(.domain)
      t.refused(.outOfRange, 1, 35, call(.domainWriteRegisters, on: domain, [35, 1, 0]))
      t.refused(.outOfRange, 1, 128, call(.domainWriteRegisters, on: domain, [.max, 2, 0]))
    }
    test("writeRegisters refuses a count that is none or too many") { t throws(Refusal) in
      let domain = try t.make(.domain)
      t.refused(.outOfRange, 2, 5, call(.domainWriteRegisters, on: domain, [0, 0, 0]))
      t.refused(.outOfRange, 2, 5, call(.domainWriteRegisters, on: domain, [0, 5, 0]))
      t.refused(.outOfRange, 2, 5, call(.domainWriteRegisters, on: domain, [0, .max, 0]))
      t.refused(.outOfRange, 2, 2, call(.domainWriteRegisters, on: domain, [34, 2, 0]))
    }
    test("writeRegisters refuses the domain that asks") { t throws(Refusal) in
      t.refused(
        .invalidArgument, 0, 0, call(.domainWriteRegisters, on: t.laboratory.domain.pointer, [0, 1, 0]))
    }
  }
}
