internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func faultCases() {
    dataAborts()
    instructionFaults()
    privilegedInstructions()
    unknownSystemCalls()
  }

  private mutating func dataAborts() {
    test("a load from nowhere is reported with place, address, cause and badge") { t throws(Refusal) in
      let fault = try t.fault(of: HelperStep(.load, 0x7fff_ffff_f008))
      t.holds(fault.kind == .dataAbort)
      t.equal(fault.programCounter, Instructions.load)
      t.equal(fault.address, 0x7fff_ffff_f008)
      t.equal(fault.exceptionClass, 0x24)
      t.equal(fault.status, Fault.translation)
      t.holds(!fault.isWrite)
      t.equal(fault.badge, 0xfa)
      let stackEnd = HelperMemory.stackEnd(t.laboratory.helperRecords[0])
      t.holds(fault.stackPointer <= stackEnd && fault.stackPointer > stackEnd - 0x2000)
    }
    test("a store to a page for reading is reported as a write without permission") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      try segment.map(try t.frame(), at: 0, rights: .read)
      let fault = try t.fault(of: HelperStep(.store, try segment.address() + 16, 1))
      t.holds(fault.kind == .dataAbort)
      t.equal(fault.programCounter, Instructions.store)
      t.equal(fault.address, try segment.address() + 16)
      t.equal(fault.status, Fault.permission)
      t.holds(fault.isWrite)
      t.equal(Memory.read(try segment.address() + 16), 0)
    }
    test("a store to an executable page is reported") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      try segment.map(try t.frame(), at: 0, rights: .readExecute)
      let fault = try t.fault(of: HelperStep(.store, try segment.address(), 1))
      t.equal(fault.status, Fault.permission)
    }
    test("a load from the kernel's image is reported, and gives nothing") { t throws(Refusal) in
      let fault = try t.fault(of: HelperStep(.load, 0xffff_0000_4020_0000))
      t.holds(fault.kind == .dataAbort)
      t.equal(fault.address, 0xffff_0000_4020_0000)
    }
    test("a store to the kernel's data is reported") { t throws(Refusal) in
      let frame = try t.frame()
      let address = 0xffff_0000_0000_0000 + (try frame.physicalAddress())
      let fault = try t.fault(of: HelperStep(.store, address, 1))
      t.holds(fault.kind == .dataAbort && fault.isWrite)
      t.equal(fault.address, address)
    }
    test("a load from an address that is none is reported") { t throws(Refusal) in
      let fault = try t.fault(of: HelperStep(.load, 0x0123_4567_89ab_cde8))
      t.holds(fault.kind == .dataAbort)
    }
  }

  private mutating func instructionFaults() {
    test("a jump to nowhere is reported with its target") { t throws(Refusal) in
      let fault = try t.fault(of: HelperStep(.execute, 0x5000))
      t.holds(fault.kind == .instructionAbort)
      t.equal(fault.programCounter, 0x5000)
      t.equal(fault.address, 0x5000)
      t.equal(fault.status, Fault.translation)
    }
    test("a jump into a data page is reported") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      try segment.map(try t.frame(), at: 0, rights: .readWrite)
      let address = try segment.address()
      Memory.write(Instructions.answer42, at: address)
      let fault = try t.fault(of: HelperStep(.execute, address))
      t.holds(fault.kind == .instructionAbort)
      t.equal(fault.programCounter, address)
      t.equal(fault.status, Fault.permission)
    }
    test("a jump onto the stack is reported") { t throws(Refusal) in
      let address = HelperMemory.stackEnd(t.laboratory.helperRecords[0]) - 16
      let fault = try t.fault(of: HelperStep(.execute, address))
      t.holds(fault.kind == .instructionAbort)
      t.equal(fault.status, Fault.permission)
    }
    test("a jump into the kernel is reported") { t throws(Refusal) in
      let fault = try t.fault(of: HelperStep(.execute, 0xffff_0000_4020_0000))
      t.holds(fault.kind == .instructionAbort)
    }
    test("a jump to an odd address is reported as alignment") { t throws(Refusal) in
      let fault = try t.fault(of: HelperStep(.execute, Instructions.load + 2))
      t.holds(fault.kind == .alignment)
      t.equal(fault.programCounter, Instructions.load + 2)
      t.equal(fault.exceptionClass, 0x22)
    }
    test("an exclusive load from an odd address is reported as alignment") { t throws(Refusal) in
      let address = t.laboratory.helperRecords[1] + 1
      let fault = try t.fault(of: HelperStep(.loadExclusive, address))
      t.holds(fault.kind == .alignment)
      t.equal(fault.programCounter, Instructions.loadExclusive)
      t.equal(fault.address, address)
    }
    test("a stack that overflows is reported below its last page") { t throws(Refusal) in
      let fault = try t.fault(of: HelperStep(.execute, Instructions.overflowStack))
      t.holds(fault.kind == .dataAbort && fault.isWrite)
      let record = t.laboratory.helperRecords[0]
      t.equal(fault.address, record + HelperMemory.stackPage << AddressSpace.pageBits - 16)
    }
    test("an undefined instruction is reported with its place") { t throws(Refusal) in
      let fault = try t.fault(of: HelperStep(.execute, Instructions.undefined))
      t.holds(fault.kind == .undefinedInstruction)
      t.equal(fault.programCounter, Instructions.undefined)
      t.equal(fault.address, 0)
    }
    test("a break instruction is reported with its number") { t throws(Refusal) in
      let fault = try t.fault(of: HelperStep(.execute, Instructions.break))
      t.holds(fault.kind == .breakpoint)
      t.equal(fault.programCounter, Instructions.break)
      t.equal(fault.syndrome & 0xffff, 7)
    }
  }

  private mutating func privilegedInstructions() {
    test("a system register of the kernel is not read") { t throws(Refusal) in
      try t.expectRefusedInstruction(Instructions.readPrivileged)
    }
    test("the translation table is not changed") { t throws(Refusal) in
      try t.expectRefusedInstruction(Instructions.writePrivileged)
    }
    test("interrupts are not masked") { t throws(Refusal) in
      try t.expectRefusedInstruction(Instructions.maskInterrupts)
    }
    test("the TLB is not invalidated") { t throws(Refusal) in
      try t.expectRefusedInstruction(Instructions.invalidateTLB)
    }
    test("no hypervisor is called") { t throws(Refusal) in
      try t.expectRefusedInstruction(Instructions.callHypervisor)
    }
    test("no secure monitor is called") { t throws(Refusal) in
      try t.expectRefusedInstruction(Instructions.callMonitor)
    }
  }

  private mutating func unknownSystemCalls() {
    test("a system call that does not exist is reported with its number") { t throws(Refusal) in
      try each([0, 10, 64, .max]) { number throws(Refusal) in
        var request = Request(.yield)
        request.number = number
        let fault = try t.fault(of: HelperStep(request))
        t.holds(fault.kind == .unknownSystemCall)
        t.equal(fault.syndrome, number)
        t.equal(fault.address, fault.programCounter)
      }
    }
    test("the handler answers a system call of its own making") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      var request = Request(.yield)
      request.number = 1000
      let helper = try t.helper(0, faultEndpoint: badged, [HelperStep(request)])
      try helper.start()
      _ = try handler.receive()
      try helper.domain.writeRegisters(from: 0, [0, 0x4207, 0x1234, 0])
      try ReplyCapability.reply(Message(label: 0))
      t.settle()
      t.ended(.ok, helper.answer())
      t.equal(helper.answer().info.label, 0x42)
      t.equal(helper.answer().words[0], 0x1234)
    }
  }
}

extension Trial {
  /// The instruction does nothing but make its domain fault there.
  fileprivate mutating func expectRefusedInstruction(_ address: UInt64) throws(Refusal) {
    let fault = try fault(of: HelperStep(.execute, address))
    holds(fault.kind == .undefinedInstruction || fault.kind == .other, "not reported as an instruction")
    equal(fault.programCounter, address)
  }
}
