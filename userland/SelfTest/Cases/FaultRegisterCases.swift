internal import KernelObjects
internal import LibVesper

/// Answers to faults that set registers: the handler needs no capability to the domain.
extension SelfTest {
  mutating func faultRegisterCases() {
    answeredFaults()
    answeredInstructions()
    refusedAnswers()
  }

  private mutating func answeredFaults() {
    test("an answer lets a load from nowhere have loaded something") { t throws(Refusal) in
      let (helper, fault) = try t.faulted(HelperStep(.load, 0x7fff_ffff_f008))
      var changes = RegisterChanges()
      changes.set(RegisterChanges.programCounter, to: fault.programCounter + 4)
      changes.set(0, to: 0x5150)
      try ReplyCapability.reply(changes.answer)
      t.settle()
      t.holds(helper.isDone)
      t.equal(helper.answer().words[0], 0x5150)
    }
    test("an answer lets an exclusive load from an odd address have loaded something") {
      t throws(Refusal) in
      let (helper, fault) = try t.faulted(HelperStep(.loadExclusive, t.laboratory.helperRecords[1] + 1))
      t.holds(fault.kind == .alignment)
      var changes = RegisterChanges()
      changes.set(0, to: 0x0dd)
      changes.set(RegisterChanges.programCounter, to: fault.programCounter + 4)
      try ReplyCapability.reply(changes.answer)
      t.settle()
      t.equal(helper.answer().words[0], 0x0dd)
    }
    test("an answer sends a domain that jumped to nowhere back with a result") { t throws(Refusal) in
      let (helper, fault) = try t.faulted(HelperStep(.execute, 0x5000))
      t.holds(fault.kind == .instructionAbort)
      // The jump left its place in the link register.
      let link = try helper.domain.readRegisters(from: 30).words[0]
      var changes = RegisterChanges()
      changes.set(RegisterChanges.programCounter, to: link)
      changes.set(0, to: 0xbac)
      changes.set(RegisterChanges.programStatus, to: 0x6000_0000)
      try ReplyCapability.reply(changes.answer)
      t.settle()
      t.equal(helper.answer().words[0], 0xbac)
    }
    test("an answer gives a system call that does not exist a result") { t throws(Refusal) in
      var request = Request(.yield)
      request.number = 1000
      let (helper, fault) = try t.faulted(HelperStep(request))
      t.holds(fault.kind == .unknownSystemCall)
      var changes = RegisterChanges()
      changes.set(0, to: Status.unknownSystemCall.rawValue)
      changes.set(1, to: MessageInfo(label: 9, length: 2).word)
      changes.set(2, to: 77)
      changes.set(3, to: 78)
      changes.set(8, to: 79)
      try ReplyCapability.reply(changes.answer)
      t.settle()
      t.ended(.unknownSystemCall, helper.answer())
      t.equal(helper.answer().info.label, 9)
      t.equal(helper.answer().words[0], 77)
      t.equal(helper.answer().words[1], 78)
      t.equal(helper.answer().badge, 79)
    }
  }

  private mutating func answeredInstructions() {
    test("an answer does an undefined instruction's work") { t throws(Refusal) in
      try t.expectEmulation(of: Instructions.undefined, .undefinedInstruction)
    }
    test("an answer does a privileged instruction's work") { t throws(Refusal) in
      let (_, fault) = try t.faulted(HelperStep(.execute, Instructions.readPrivileged))
      t.holds(fault.kind == .undefinedInstruction || fault.kind == .other)
      try ReplyCapability.reply(Message(label: 1))
      try t.expectEmulation(of: Instructions.readPrivileged, fault.kind)
    }
    test("an answer lets a break instruction pass") { t throws(Refusal) in
      try t.expectEmulation(of: Instructions.break, .breakpoint)
    }
    test("replyReceive answers with registers, and hears of the next fault") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let helper = try t.helper(0, faultEndpoint: badged, [HelperStep(.load, 16), HelperStep(.load, 24)])
      try helper.start()
      let fault = try t.nextFault(handler)
      var changes = RegisterChanges()
      changes.set(0, to: 1)
      changes.set(RegisterChanges.programCounter, to: fault.programCounter + 4)
      t.equal(Fault(try handler.replyReceive(changes.answer)).address, 24)
      t.equal(helper.answer(0).words[0], 1)
    }
    test("a saved reply to a fault sets registers too") { t throws(Refusal) in
      let (helper, fault) = try t.faulted(HelperStep(.load, 16))
      let slot = t.slots()
      try t.cnode.saveReply(to: slot)
      var changes = RegisterChanges()
      changes.set(0, to: 0x5a5e)
      changes.set(RegisterChanges.programCounter, to: fault.programCounter + 4)
      try ReplyCapability(CapabilityPointer(slot)).send(changes.answer)
      t.settle()
      t.equal(helper.answer().words[0], 0x5a5e)
    }
  }

  private mutating func refusedAnswers() {
    test("an answer gives no domain more than condition flags") { t throws(Refusal) in
      let (helper, fault) = try t.faulted(HelperStep(.load, 16))
      // EL1h; interrupts masked; AArch32; software step; illegal execution.
      try each([5, 1 << 7, 1 << 4, 1 << 21, 1 << 20]) { status throws(Refusal) in
        t.refused(.invalidArgument, 2, status, t.answerFault([1 << 33, status]))
      }
      t.equal(try helper.domain.readRegisters(from: 32).words[0], fault.programCounter)
      t.equal(helper.finished, 0)
    }
    test("an answer is refused a program counter between instructions") { t throws(Refusal) in
      _ = try t.faulted(HelperStep(.load, 16))
      t.refused(.misaligned, 2, 4, t.answerFault([1 << 32, Instructions.load + 2]))
    }
    test("an answer is refused a register that does not exist") { t throws(Refusal) in
      _ = try t.faulted(HelperStep(.load, 16))
      t.refused(.outOfRange, 1, 1 << 35, t.answerFault([1 << 35, 0]))
    }
    test("an answer is refused too few values, and too many") { t throws(Refusal) in
      _ = try t.faulted(HelperStep(.load, 16))
      t.refused(.invalidArgument, 1, 2, t.answerFault([3, 0]))
      t.refused(.invalidArgument, 1, 1, t.answerFault([1, 0, 0]))
      t.refused(.invalidArgument, 1, 6, t.answerFault([63, 0, 0, 0, 0, 0]))
    }
    test("an answer that was refused can be given again") { t throws(Refusal) in
      let (helper, fault) = try t.faulted(HelperStep(.load, 16))
      t.refused(.misaligned, 3, 4, t.answerFault([1 | 1 << 32, 9, 1]))
      t.ended(.ok, t.answerFault([1 | 1 << 32, 9, fault.programCounter + 4]))
      t.settle()
      t.equal(helper.answer().words[0], 9)
    }
  }
}

extension Trial {
  /// A helper whose one step faults, and what its handler, the root domain, has heard of it.
  fileprivate mutating func faulted(_ step: HelperStep) throws(Refusal) -> (Helper, Fault) {
    let (handler, badged) = try faultEndpoint()
    let helper = try helper(0, faultEndpoint: badged, [step])
    try helper.start()
    return (helper, try nextFault(handler))
  }

  fileprivate func answerFault<let count: Int>(_ words: InlineArray<count, UInt64>) -> Answer {
    Request(.reply, Message(label: FaultAnswer.resumeWithRegisters.rawValue, words: words)).perform()
  }

  /// The instruction at `address` faults, and is made to have returned 0xe5 instead.
  fileprivate mutating func expectEmulation(of address: UInt64, _ kind: FaultKind) throws(Refusal) {
    let (helper, fault) = try faulted(HelperStep(.execute, address))
    holds(fault.kind == kind)
    equal(fault.programCounter, address)
    var changes = RegisterChanges()
    changes.set(0, to: 0xe5)
    changes.set(RegisterChanges.programCounter, to: try helper.domain.readRegisters(from: 30).words[0])
    try ReplyCapability.reply(changes.answer)
    settle()
    equal(helper.answer().words[0], 0xe5)
  }
}
