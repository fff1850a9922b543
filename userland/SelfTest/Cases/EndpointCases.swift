internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func endpointCases() {
    sending()
    receiving()
    calling()
    answering()
    partnersThatGo()
    transfers()
    transfersThatFail()
    endpointRefusals()
  }

  private mutating func sending() {
    test("send waits, and gives label, words and badge to the receiver") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let badged = try t.badged(endpoint.pointer, 0xb0b)
      let message = Message(label: 0xff_ffff_ffff_ffff, words: [1, 2, 3, 4, 5, .max])
      let helper = try t.startedHelper(0, [HelperStep(Request(.send, on: badged, message))])
      t.equal(helper.finished, 0)
      let received = try endpoint.receive()
      t.equal(received.message.label, 0xff_ffff_ffff_ffff)
      t.equal(received.message.length, 6)
      t.equal(received.message.words[0], 1)
      t.equal(received.message.words[4], 5)
      t.equal(received.message.words[5], .max)
      t.equal(received.badge, 0xb0b)
      t.settle()
      t.ended(.ok, helper.answer())
    }
    test("send carries as many words as its length says") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      for length in 0...UInt64(6) {
        var message = Message(label: 1, words: [10, 11, 12, 13, 14, 15])
        message.length = length
        _ = try t.startedHelper(0, [HelperStep(Request(.send, on: endpoint.pointer, message))])
        var request = Request(.receive, on: endpoint.pointer)
        request.words = InlineArray(repeating: 77)
        let answer = request.perform()
        t.equal(answer.info.length, length)
        for index in 0..<UInt64(6) {
          // What was not sent stays what it was: nothing of the sender is seen.
          t.equal(answer.words[Int(index)], index < length ? 10 + index : 77)
        }
      }
    }
    test("send of seven words is one of six") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      var request = Request(.send, on: endpoint.pointer)
      request.info = 7
      _ = try t.startedHelper(0, [HelperStep(request)])
      t.equal(Request(.receive, on: endpoint.pointer).perform().info.length, 6)
    }
    test("nonBlockingSend is refused if nobody receives") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      t.refused(.noPartner, 0, 0, Request(.nonBlockingSend, on: endpoint.pointer).perform())
    }
    test("nonBlockingSend gives its message to who waits") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.receive, on: endpoint.pointer))])
      try endpoint.nonBlockingSend(Message(label: 8, words: [9]))
      t.settle()
      t.equal(helper.answer().info.label, 8)
      t.equal(helper.answer().words[0], 9)
    }
  }

  private mutating func receiving() {
    test("senders are served in the order in which they came") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      for number in 0..<UInt64(3) {
        let request = Request(.send, on: endpoint.pointer, Message(label: number))
        _ = try t.startedHelper(Int(number), [HelperStep(request)])
      }
      for number in 0..<UInt64(3) { t.equal(try endpoint.receive().message.label, number) }
    }
    test("receivers are served in the order in which they came") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let receive = HelperStep(Request(.receive, on: endpoint.pointer))
      let first = try t.startedHelper(0, [receive])
      let second = try t.startedHelper(1, [receive])
      try endpoint.nonBlockingSend(Message(label: 1))
      try endpoint.nonBlockingSend(Message(label: 2))
      t.settle()
      t.equal(first.answer().info.label, 1)
      t.equal(second.answer().info.label, 2)
    }
    test("nonBlockingReceive is refused if nobody sends") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      t.refused(.noPartner, 0, 0, Request(.nonBlockingReceive, on: endpoint.pointer).perform())
    }
    test("nonBlockingReceive takes a message that waits") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      _ = try t.startedHelper(0, [HelperStep(Request(.send, on: endpoint.pointer, Message(label: 3)))])
      t.equal(try endpoint.nonBlockingReceive().message.label, 3)
    }
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

  private mutating func transfers() {
    test("a capability comes with a message through an Endpoint that grants") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let badged = try t.badged(try t.make(.notification), 0x40)
      _ = try t.startedHelper(
        0, [HelperStep(Request(.send, on: endpoint.pointer, Message(label: 1, capability: badged)))])
      let slot = CapabilityPointer(t.slots())
      t.holds(try endpoint.receive(into: slot).hasCapability)
      try NotificationCapability(slot).signal()
      t.equal(try NotificationCapability(badged).poll(), 0x40)
    }
    test("a capability that came is derived from the sender's") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let given = try t.make(.notification)
      _ = try t.startedHelper(
        0, [HelperStep(Request(.call, on: endpoint.pointer, Message(label: 1, capability: given)))])
      let slot = CapabilityPointer(t.slots())
      t.holds(try endpoint.receive(into: slot).hasCapability)
      try t.cnode.revoke(given.rawValue)
      t.holds(!t.isFilled(slot) && t.isFilled(given))
    }
    test("a capability comes with an answer to a call that grants") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let slot = CapabilityPointer(t.slots())
      let helper = try t.startedHelper(
        0, [HelperStep(Request(.call, on: endpoint.pointer).receiving(into: slot))])
      _ = try endpoint.receive()
      try ReplyCapability.reply(Message(label: 1, capability: try t.make(.frame)))
      t.settle()
      t.holds(helper.answer().info.hasCapability)
      t.holds(t.type(of: slot) == .frame)
    }
    test("a capability that came has no more rights than the sender's") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let given = try t.copy(try t.make(.endpoint), rights: .read)
      _ = try t.startedHelper(
        0, [HelperStep(Request(.send, on: endpoint.pointer, Message(label: 1, capability: given)))])
      let slot = CapabilityPointer(t.slots())
      _ = try endpoint.receive(into: slot)
      t.refused(.missingRight, 0, 2, Request(.nonBlockingSend, on: slot).perform())
    }
  }

  private mutating func transfersThatFail() {
    test("no capability comes through an Endpoint that does not grant") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let sender = try t.copy(endpoint.pointer, rights: .write)
      let message = Message(label: 1, words: [5], capability: try t.make(.frame))
      _ = try t.startedHelper(0, [HelperStep(Request(.send, on: sender, message))])
      let slot = CapabilityPointer(t.slots())
      let received = try endpoint.receive(into: slot)
      t.holds(!received.hasCapability && !t.isFilled(slot))
      t.equal(received.message.words[0], 5, "the message comes without")
    }
    test("no capability comes with an answer to a call that does not grant") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let sender = try t.copy(endpoint.pointer, rights: .write)
      let slot = CapabilityPointer(t.slots())
      let helper = try t.startedHelper(0, [HelperStep(Request(.call, on: sender).receiving(into: slot))])
      _ = try endpoint.receive()
      try ReplyCapability.reply(Message(label: 1, capability: try t.make(.frame)))
      t.settle()
      t.holds(!helper.answer().info.hasCapability && !t.isFilled(slot))
    }
    test("no capability comes into no slot, a taken one, or one that does not exist") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let message = Message(label: 1, capability: try t.make(.frame))
      for slot in 0..<UInt64(3) {
        _ = try t.startedHelper(0, [HelperStep(Request(.send, on: endpoint.pointer, message))])
        let place = slot == 0 ? CapabilityPointer.none : slot == 1 ? t.cnode.pointer : CapabilityPointer(.max)
        t.holds(try !endpoint.receive(into: place).hasCapability)
      }
      t.holds(t.type(of: t.cnode.pointer) == .cnode)
    }
    test("what cannot be copied does not come with a message") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let slot = CapabilityPointer(t.slots())
      let unshared: InlineArray<3, CapabilityPointer> = [
        try t.untyped(12).pointer, try t.make(.pageTable), t.laboratory.spareTime.pointer,
      ]
      for index in unshared.indices {
        let given = unshared[index]
        _ = try t.startedHelper(
          0, [HelperStep(Request(.send, on: endpoint.pointer, Message(label: 1, capability: given)))])
        t.holds(try !endpoint.receive(into: slot).hasCapability)
      }
    }
    test("a message that promises a capability and names an empty slot comes without") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let nothing = CapabilityPointer(t.slots())
      _ = try t.startedHelper(
        0, [HelperStep(Request(.send, on: endpoint.pointer, Message(label: 1, capability: nothing)))])
      t.holds(try !endpoint.receive(into: CapabilityPointer(t.slots())).hasCapability)
    }
  }

  private mutating func endpointRefusals() {
    test("send, nonBlockingSend and call are refused without the right to write") { t throws(Refusal) in
      let receiver = try t.copy(try t.make(.endpoint), rights: .read)
      t.refused(.missingRight, 0, 2, Request(.send, on: receiver).perform())
      t.refused(.missingRight, 0, 2, Request(.nonBlockingSend, on: receiver).perform())
      t.refused(.missingRight, 0, 2, Request(.call, on: receiver).perform())
    }
    test("receive, nonBlockingReceive and replyReceive are refused without the right to read") {
      t throws(Refusal) in
      let sender = try t.copy(try t.make(.endpoint), rights: .call)
      t.refused(.missingRight, 0, 1, Request(.receive, on: sender).perform())
      t.refused(.missingRight, 0, 1, Request(.nonBlockingReceive, on: sender).perform())
      t.refused(.missingRight, 0, 1, Request(.replyReceive, on: sender).perform())
    }
    test("receive is refused on what nobody receives from") { t throws(Refusal) in
      t.refused(.wrongType, 0, 2, Request(.receive, on: t.cnode.pointer).perform())
      t.refused(.wrongType, 0, 1, Request(.nonBlockingReceive, on: t.arena.pointer).perform())
    }
    test("replyReceive is refused on what is not an Endpoint, and the caller waits on") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.call, on: endpoint.pointer))])
      _ = try endpoint.receive()
      let notification = try t.notification()
      t.refused(.wrongType, 0, 9, Request(.replyReceive, on: notification.pointer).perform())
      try ReplyCapability.reply(Message(label: 3))
      t.settle()
      t.equal(helper.answer().info.label, 3)
    }
    test("send is refused on an object that is invoked by call") { t throws(Refusal) in
      t.refused(.wrongType, 0, 2, Request(.send, on: t.cnode.pointer).perform())
      t.refused(.wrongType, 0, 14, Request(.nonBlockingSend, on: t.laboratory.debug.pointer).perform())
    }
  }
}
