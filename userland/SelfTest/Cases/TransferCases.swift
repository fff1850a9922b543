internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func transferCases() {
    transfers()
    transfersThatFail()
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
}
