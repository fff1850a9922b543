internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func callCases() {
    calling()
    answering()
    partnersThatGo()
  }

  private mutating func calling() {
    test("call waits for the answer, and gets label and words") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(
        0, [HelperStep(Request(.call, on: endpoint.pointer, Message(label: 1, words: [20])))])
      let request = try endpoint.receive()
      t.settle()
      t.equal(helper.finished, 0)
      try ReplyCapability.reply(Message(label: 2, words: [request.message.words[0] + 1, 7]))
      t.settle()
      t.ended(.ok, helper.answer())
      t.equal(helper.answer().info.label, 2)
      t.equal(helper.answer().info.length, 2)
      t.equal(helper.answer().words[0], 21)
      t.equal(helper.answer().badge, 0)
    }
    test("call of a server that waits comes back with its answer") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let server = try t.startedHelper(
        0,
        [
          HelperStep(Request(.receive, on: endpoint.pointer)),
          HelperStep(Request(.reply, Message(label: 0x99, words: [1, 2, 3]))),
        ])
      let badged = EndpointCapability(try t.badged(endpoint.pointer, 0xc))
      let answer = try badged.call(Message(label: 5, words: [6, 7]))
      t.equal(answer.message.label, 0x99)
      t.equal(answer.message.words[2], 3)
      t.settle()
      t.equal(server.answer().info.label, 5)
      t.equal(server.answer().words[1], 7)
      t.equal(server.answer().badge, 0xc)
    }
    test("calls of all lengths to another space come back rightly, 5,000 times") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let space = try IsolatedSpace(&t)
      try t.helper(0, in: space, [HelperStep(.serveForever, endpoint.word)]).start()
      for number in 0..<UInt64(5_000) {
        var request = Message(label: number, words: [number, ~number, number &* 7, 3, 4, number << 40])
        request.length = number % 7
        let expected = serviceAnswer(to: request)
        let answer = try endpoint.call(request).message
        t.equal(answer.label, expected.label)
        t.equal(answer.length, expected.length)
        for index in 0..<Int(expected.length) { t.equal(answer.words[index], expected.words[index]) }
      }
    }
    test("call lends its time to a server that has none") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let server = try t.startedHelper(
        0,
        [
          HelperStep(Request(.receive, on: endpoint.pointer)),
          HelperStep(Request(.reply, Message(label: 4))),
        ])
      try server.time.unbind()
      t.equal(try endpoint.call(Message(label: 0)).message.label, 4)
    }
  }

  private mutating func answering() {
    test("reply is refused if nobody called") { t throws(Refusal) in
      t.refused(.noPartner, 0, 0, Request(.reply).perform())
    }
    test("reply answers once") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      _ = try t.startedHelper(0, [HelperStep(Request(.call, on: endpoint.pointer))])
      _ = try endpoint.receive()
      try ReplyCapability.reply(Message(label: 0))
      t.refused(.noPartner, 0, 0, Request(.reply).perform())
    }
    test("a message that is sent asks for no answer") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      _ = try t.startedHelper(0, [HelperStep(Request(.send, on: endpoint.pointer))])
      _ = try endpoint.receive()
      t.refused(.noPartner, 0, 0, Request(.reply).perform())
    }
    test("replyReceive answers one caller and takes the next") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let first = try t.startedHelper(
        0, [HelperStep(Request(.call, on: endpoint.pointer, Message(label: 1)))])
      let second = try t.startedHelper(
        1, [HelperStep(Request(.call, on: endpoint.pointer, Message(label: 2)))])
      t.equal(try endpoint.receive().message.label, 1)
      t.equal(try endpoint.replyReceive(Message(label: 10)).message.label, 2)
      try ReplyCapability.reply(Message(label: 20))
      t.settle()
      t.equal(first.answer().info.label, 10)
      t.equal(second.answer().info.label, 20)
    }
    test("replyReceive without a caller only receives") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      _ = try t.startedHelper(0, [HelperStep(Request(.send, on: endpoint.pointer, Message(label: 6)))])
      t.equal(try endpoint.replyReceive(Message(label: 1)).message.label, 6)
    }
    test("a caller that was not answered is told at the next receive") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.call, on: endpoint.pointer))])
      _ = try endpoint.receive()
      let other = try t.startedHelper(1, [HelperStep(Request(.send, on: endpoint.pointer))])
      _ = try endpoint.receive()
      t.settle()
      t.ended(.cancelled, helper.answer())
      t.ended(.ok, other.answer())
    }
    test("a caller whose saved reply is deleted is told") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.call, on: endpoint.pointer))])
      _ = try endpoint.receive()
      let slot = t.slots()
      try t.cnode.saveReply(to: slot)
      try t.cnode.delete(slot)
      t.settle()
      t.ended(.cancelled, helper.answer())
    }
  }

  private mutating func partnersThatGo() {
    test("a caller that is deleted needs no answer") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.call, on: endpoint.pointer))])
      _ = try endpoint.receive()
      try t.cnode.delete(helper.domain.word)
      t.refused(.noPartner, 0, 0, Request(.reply).perform())
    }
    test("a saved reply goes with its caller") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.call, on: endpoint.pointer))])
      _ = try endpoint.receive()
      let slot = t.slots()
      try t.cnode.saveReply(to: slot)
      try t.cnode.delete(helper.domain.word)
      t.holds(!t.isFilled(CapabilityPointer(slot)))
    }
    test("a caller is told when its server is deleted") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let server = try t.startedHelper(
        0,
        [
          HelperStep(Request(.receive, on: endpoint.pointer)),
          HelperStep(Request(.receive, on: try t.make(.notification))),
        ])
      let client = try t.startedHelper(1, [HelperStep(Request(.call, on: endpoint.pointer))])
      t.equal(server.finished, 1)
      try t.cnode.delete(server.domain.word)
      t.settle()
      t.ended(.cancelled, client.answer())
    }
    test("senders and callers are told when the Endpoint is deleted") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let sender = try t.startedHelper(0, [HelperStep(Request(.send, on: endpoint.pointer))])
      let caller = try t.startedHelper(1, [HelperStep(Request(.call, on: endpoint.pointer))])
      try t.cnode.delete(endpoint.word)
      t.settle()
      t.ended(.cancelled, sender.answer())
      t.ended(.cancelled, caller.answer())
    }
    test("receivers are told when the Endpoint is deleted") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.receive, on: endpoint.pointer))])
      try t.cnode.delete(endpoint.word)
      t.settle()
      t.ended(.cancelled, helper.answer())
    }
    test("an Endpoint lives as long as one capability to it") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let copy = EndpointCapability(try t.copy(endpoint.pointer))
      let helper = try t.startedHelper(0, [HelperStep(Request(.send, on: endpoint.pointer))])
      try t.cnode.delete(endpoint.word)
      _ = try copy.nonBlockingReceive()
      t.settle()
      t.ended(.ok, helper.answer())
    }
  }
}
