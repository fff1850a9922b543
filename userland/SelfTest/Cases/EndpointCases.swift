internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func endpointCases() {
    sending()
    receiving()
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
