internal import KernelObjects
internal import LibVesper
internal import SelfTestInstructions

extension SelfTest {
  mutating func activationRefusalCases() {
    controlBlockRefusals()
    returnRefusals()
    goneBlocks()
    hostileBlocks()
  }

  private mutating func controlBlockRefusals() {
    test("setControlBlock refuses what is no frame to read and write") { t throws(Refusal) in
      let domain = try t.make(.domain)
      let frame = try t.make(.frame)
      let readOnly = try t.copy(frame, rights: .read)
      let writeOnly = try t.copy(frame, rights: .write)
      t.refused(.wrongType, 1, 2, call(.domainSetControlBlock, on: domain, [t.cnode.word]))
      t.refused(.invalidCapability, 1, 64, call(.domainSetControlBlock, on: domain, [t.slots()]))
      t.refused(.missingRight, 1, 2, call(.domainSetControlBlock, on: domain, [readOnly.rawValue]))
      t.refused(.missingRight, 1, 1, call(.domainSetControlBlock, on: domain, [writeOnly.rawValue]))
    }
    test("setControlBlock refuses a device's memory") { t throws(Refusal) in
      let domain = try t.make(.domain)
      let registers = t.laboratory.realTimeClock.word
      t.refused(.invalidArgument, 1, 0, call(.domainSetControlBlock, on: domain, [registers]))
    }
    test("a domain has one control block at a time, and needs none") { t throws(Refusal) in
      let domain = DomainCapability(try t.make(.domain))
      try domain.setControlBlock(nil)
      let first = try t.frame()
      try domain.setControlBlock(first)
      try domain.setControlBlock(try t.frame())
      try domain.setControlBlock(nil)
      try t.cnode.delete(first.word)
    }
  }

  private mutating func returnRefusals() {
    test("activationReturn refuses a caller without a control block") { t throws(Refusal) in
      t.refused(.notConfigured, 0, 0, returnRequest(0).perform())
    }
    test("activationReturn refuses a context that does not fit in a frame") { t throws(Refusal) in
      try t.laboratory.domain.setControlBlock(try t.frame())
      t.refused(.outOfRange, 0, 13, returnRequest(13).perform())
      t.refused(.outOfRange, 0, 13, returnRequest(.max).perform())
      try t.laboratory.domain.setControlBlock(nil)
    }
  }

  private mutating func goneBlocks() {
    test("a domain whose control block is revoked goes on without activations") { t throws(Refusal) in
      let (activated, _, signal) = try t.counting()
      Processor.yield()
      let count = activated.record.count
      try t.cnode.revoke(activated.frame.word)
      try signal.signal()
      t.settle()
      t.equal(activated.record.count, count)
      t.equal(activated.block.isOn, 1)
      t.equal(activated.block.isPending, 0)
      t.equal(try signal.poll(), 6)
    }
    test("an activation whose control block is revoked goes on, and cannot return") { t throws(Refusal) in
      let (activated, _, _) = try t.counting()
      activated.record.stay = 1
      t.settle()
      try t.cnode.revoke(activated.frame.word)
      activated.record.stay = 0
      t.settle()
      t.equal(activated.record.refusal, Status.notConfigured.rawValue)
      t.equal(activated.record.count, 1)
    }
    test("a domain goes with its control block, and leaves the frame") { t throws(Refusal) in
      let (activated, _, _) = try t.counting()
      Processor.yield()
      try t.cnode.delete(activated.helper.domain.word)
      t.settle()
      activated.block.isOn = 1
      t.equal(activated.block.isOn, 1)
    }
  }

  private mutating func hostileBlocks() {
    test("activations are on by 1 and by nothing else") { t throws(Refusal) in
      let values: InlineArray<4, UInt64> = [2, 1 << 63 | 1, .max, 0x1_0000_0001]
      try each(values) { value throws(Refusal) in
        let (activated, _, _) = try t.counting()
        activated.block.isOn = value
        t.settle()
        t.equal(activated.record.count, 0)
        t.equal(activated.block.isOn, value)
        try t.cnode.delete(activated.helper.domain.word)
      }
    }
    test("any number of a context to save in is one of them") { t throws(Refusal) in
      let (activated, _, _) = try t.counting()
      activated.block.saveIndex = .max
      t.settle()
      t.equal(activated.block.savedIndex, UInt64.max % ControlBlock.contextCount)
      t.holds(activated.record.count > 1)
      t.equal(activated.record.refusal, 0)
    }
    test("an entry and a stack anywhere are the domain's own fault") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let entries: InlineArray<4, UInt64> = [0, 3, 0xffff_0000_4020_0000, .max]
      try each(entries) { entry throws(Refusal) in
        let activated = try Activated(&t, 0, faultEndpoint: badged, [HelperStep(Request(.yield))])
        activated.block.entry = entry
        activated.block.stack = .max
        activated.block.flags = .max
        try activated.start()
        let fault = try t.nextFault(handler)
        t.equal(fault.programCounter, entry)
        t.equal(fault.stackPointer, .max)
        try t.cnode.delete(activated.helper.domain.word)
      }
    }
    test("a context says nothing of a program's status but its flags") { t throws(Refusal) in
      let (activated, _, _) = try t.counting()
      activated.record.index = 8
      activated.block.setRegister(RegisterFrame.pcIndex, of: 7, to: selftest_spin_address())
      activated.block.setRegister(RegisterFrame.pstateIndex, of: 7, to: .max)
      t.settle()
      let read = try activated.helper.domain.readRegisters(from: RegisterFrame.pcIndex)
      t.equal(read.words[0], selftest_spin_address())
      t.equal(read.words[1], 0xf000_0000)
      t.holds(activated.record.count > 1)
    }
  }
}

private func returnRequest(_ context: UInt64) -> Request {
  Request(.activationReturn, on: CapabilityPointer(context))
}
