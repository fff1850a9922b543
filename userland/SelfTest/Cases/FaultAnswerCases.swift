internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func faultAnswerCases() {
    faultAnswers()
    servingFaults()
    faultsUnanswered()
  }

  private mutating func faultAnswers() {
    test("an answer of 0 repeats the instruction, once the handler has mapped the page") {
      t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let segment = try t.attachedSegment()
      let frame = try t.frame()
      try segment.map(frame, at: 1, rights: .readWrite)
      let base = try segment.address()
      Memory.write(0x77, at: base + 4096)
      try segment.unmap(frame)
      let helper = try t.helper(0, faultEndpoint: badged, [HelperStep(.load, base)])
      try helper.start()
      t.equal(try t.nextFault(handler).address, base)
      try segment.map(frame, at: 0, rights: .read)
      try ReplyCapability.reply(Message(label: 0))
      t.settle()
      t.holds(helper.isDone)
      t.equal(helper.answer().words[0], 0x77)
    }
    test("the handler lets a domain go on elsewhere, with other registers") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let helper = try t.helper(0, faultEndpoint: badged, [HelperStep(.load, 8)])
      try helper.start()
      let fault = try t.nextFault(handler)
      try helper.domain.writeRegisters(from: 0, [0x5150, 0, 0, 0])
      t.ended(.ok, call(.domainWriteRegisters, on: helper.domain.pointer, [32, 1, fault.programCounter + 4]))
      try ReplyCapability.reply(Message(label: 0))
      t.settle()
      t.equal(helper.answer().words[0], 0x5150)
    }
    test("an answer that is not 0 leaves the domain stopped, to be resumed") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let helper = try t.helper(0, faultEndpoint: badged, [HelperStep(.load, 8)])
      try helper.start()
      _ = try handler.receive()
      try ReplyCapability.reply(Message(label: 1))
      t.settle()
      t.ended(.noPartner, Request(.nonBlockingReceive, on: handler.pointer).perform())
      try helper.domain.resume()
      t.equal(try t.nextFault(handler).address, 8)
    }
  }

  private mutating func servingFaults() {
    test("faults wait for their handler in order, each with its badge") { t throws(Refusal) in
      let handler = try t.endpoint()
      for number in 0..<3 {
        let badged = EndpointCapability(try t.badged(handler.pointer, UInt64(number) + 1))
        _ = try t.startedHelper(number, faultEndpoint: badged, [HelperStep(.load, UInt64(number) * 8)])
      }
      for number in 0..<UInt64(3) {
        let fault = Fault(try handler.nonBlockingReceive())
        t.equal(fault.badge, number + 1)
        t.equal(fault.address, number * 8)
      }
    }
    test("replyReceive serves one fault after the other") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let helper = try t.helper(
        0, faultEndpoint: badged, [HelperStep(.load, 16), HelperStep(.load, 24)])
      try helper.start()
      var fault = try t.nextFault(handler)
      t.equal(fault.address, 16)
      let skip = [32, 1, fault.programCounter + 4] as InlineArray<3, UInt64>
      t.ended(.ok, call(.domainWriteRegisters, on: helper.domain.pointer, skip))
      fault = Fault(try handler.replyReceive(Message(label: 0)))
      t.equal(fault.address, 24)
      t.equal(helper.finished, 1)
    }
  }

  private mutating func faultsUnanswered() {
    test("a fault without a handler stops the domain, and no other") { t throws(Refusal) in
      let helper = try t.startedHelper(0, [HelperStep(.load, 8)])
      let other = try t.startedHelper(1, [HelperStep(Request(.yield))])
      t.equal(helper.finished, 0)
      t.holds(other.isDone)
      t.equal(try helper.programCounter(), Instructions.load)
    }
    test("a fault whose handler deletes the reply stops the domain") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let helper = try t.helper(0, faultEndpoint: badged, [HelperStep(.load, 8)])
      try helper.start()
      _ = try handler.receive()
      let slot = t.slots()
      try t.cnode.saveReply(to: slot)
      try t.cnode.delete(slot)
      t.settle()
      t.equal(helper.finished, 0)
      t.equal(try helper.programCounter(), Instructions.load)
    }
    test("a fault that waits is ended when its Endpoint is deleted") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      let helper = try t.startedHelper(0, faultEndpoint: badged, [HelperStep(.load, 8)])
      try t.cnode.revoke(handler.word)
      try t.cnode.delete(handler.word)
      t.settle()
      t.equal(helper.finished, 0)
      try helper.domain.resume()
      t.settle()
      t.equal(try helper.programCounter(), Instructions.load, "there is no handler any more")
    }
    test("cancelBadgedSends ends a fault of its badge") { t throws(Refusal) in
      let (handler, badged) = try t.faultEndpoint()
      _ = try t.startedHelper(0, faultEndpoint: badged, [HelperStep(.load, 8)])
      try t.cnode.cancelBadgedSends(badged.word)
      t.ended(.noPartner, Request(.nonBlockingReceive, on: handler.pointer).perform())
    }
  }
}
