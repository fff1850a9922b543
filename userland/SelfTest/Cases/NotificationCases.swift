internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func notificationCases() {
    signalling()
    notificationRefusals()
    boundNotifications()
    notificationEnds()
  }

  private mutating func signalling() {
    test("wait takes what was signalled before, all of it") { t throws(Refusal) in
      let notification = try t.notification()
      try NotificationCapability(try t.badged(notification.pointer, 1)).signal()
      try NotificationCapability(try t.badged(notification.pointer, 4)).signal()
      try NotificationCapability(try t.badged(notification.pointer, 6)).signal()
      t.equal(try notification.wait(), 7)
      t.ended(.noPartner, Request(.nonBlockingReceive, on: notification.pointer).perform())
    }
    test("wait waits for a signal") { t throws(Refusal) in
      let notification = try t.notification()
      let badged = try t.badged(notification.pointer, 0x10)
      let helper = try t.startedHelper(0, [HelperStep(Request(.receive, on: notification.pointer))])
      t.equal(helper.finished, 0)
      try NotificationCapability(badged).signal()
      t.settle()
      t.ended(.ok, helper.answer())
      t.equal(helper.answer().badge, 0x10)
      t.ended(.noPartner, Request(.nonBlockingReceive, on: notification.pointer).perform())
    }
    test("a signal comes from another domain") { t throws(Refusal) in
      let notification = try t.notification()
      let badged = try t.badged(notification.pointer, 0x20)
      let helper = try t.helper(0, [HelperStep(Request(.send, on: badged))])
      try helper.start()
      t.equal(try notification.wait(), 0x20)
    }
    test("one signal wakes one waiter, the first") { t throws(Refusal) in
      let notification = try t.notification()
      let wait = HelperStep(Request(.receive, on: notification.pointer))
      let first = try t.startedHelper(0, [wait])
      let second = try t.startedHelper(1, [wait])
      try NotificationCapability(try t.badged(notification.pointer, 1)).signal()
      t.settle()
      t.equal(first.finished, 1)
      t.equal(second.finished, 0)
    }
    test("call of a Notification signals it") { t throws(Refusal) in
      let badged = try t.badged(try t.make(.notification), 2)
      t.ended(.ok, Request(.call, on: badged).perform())
      t.equal(try NotificationCapability(badged).poll(), 2)
    }
  }

  private mutating func notificationRefusals() {
    test("poll is refused if nothing was signalled") { t throws(Refusal) in
      t.refused(.noPartner, 0, 0, Request(.nonBlockingReceive, on: try t.make(.notification)).perform())
    }
    test("signal is refused without the right to write") { t throws(Refusal) in
      let waiter = try t.copy(try t.make(.notification), rights: .read)
      t.refused(.missingRight, 0, 2, Request(.send, on: waiter).perform())
    }
    test("wait and poll are refused without the right to read") { t throws(Refusal) in
      let signaller = try t.copy(try t.make(.notification), rights: .write)
      t.refused(.missingRight, 0, 1, Request(.receive, on: signaller).perform())
      t.refused(.missingRight, 0, 1, Request(.nonBlockingReceive, on: signaller).perform())
    }
  }

  private mutating func boundNotifications() {
    test("a bound Notification ends its domain's receive") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let notification = try t.notification()
      let helper = try t.helper(0, [HelperStep(Request(.receive, on: endpoint.pointer))])
      try helper.domain.bind(notification)
      try helper.start()
      t.settle()
      try NotificationCapability(try t.badged(notification.pointer, 0x80)).signal()
      t.settle()
      t.ended(.ok, helper.answer())
      t.equal(helper.answer().badge, 0x80)
      t.refused(.noPartner, 0, 0, Request(.nonBlockingSend, on: endpoint.pointer).perform())
    }
    test("a receive takes what its bound Notification has pending") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let notification = try t.notification()
      let helper = try t.helper(
        0,
        [
          HelperStep(Request(.nonBlockingReceive, on: endpoint.pointer)),
          HelperStep(Request(.nonBlockingReceive, on: endpoint.pointer)),
        ])
      try helper.domain.bind(notification)
      try NotificationCapability(try t.badged(notification.pointer, 3)).signal()
      try helper.start()
      t.settle()
      t.equal(helper.answer(0).badge, 3)
      t.ended(.noPartner, helper.answer(1))
    }
    test("a bound Notification is not waited for by anybody") { t throws(Refusal) in
      let notification = try t.notification()
      let domain = DomainCapability(try t.make(.domain))
      try domain.bind(notification)
      t.refused(.invalidArgument, 0, 0, Request(.receive, on: notification.pointer).perform())
      try domain.bind(nil)
      try NotificationCapability(try t.badged(notification.pointer, 1)).signal()
      t.equal(try notification.wait(), 1)
    }
    test("an unbound Notification ends no receive") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let notification = try t.notification()
      let helper = try t.helper(0, [HelperStep(Request(.receive, on: endpoint.pointer))])
      try helper.domain.bind(notification)
      try helper.start()
      t.settle()
      try helper.domain.bind(nil)
      try NotificationCapability(try t.badged(notification.pointer, 1)).signal()
      t.settle()
      t.equal(helper.finished, 0)
      t.equal(try notification.poll(), 1)
    }
  }

  private mutating func notificationEnds() {
    test("waiters are told when the Notification is deleted") { t throws(Refusal) in
      let notification = try t.notification()
      let helper = try t.startedHelper(0, [HelperStep(Request(.receive, on: notification.pointer))])
      try t.cnode.delete(notification.word)
      t.settle()
      t.ended(.cancelled, helper.answer())
    }
    test("a bound Notification that is deleted leaves its domain receiving") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let notification = try t.notification()
      let helper = try t.helper(0, [HelperStep(Request(.receive, on: endpoint.pointer))])
      try helper.domain.bind(notification)
      try helper.start()
      t.settle()
      try t.cnode.delete(notification.word)
      try endpoint.nonBlockingSend(Message(label: 1))
      t.settle()
      t.equal(helper.answer().info.label, 1)
    }
    test("a Notification outlives the domain that it is bound to") { t throws(Refusal) in
      let notification = try t.notification()
      let domain = DomainCapability(try t.make(.domain))
      try domain.bind(notification)
      try t.cnode.delete(domain.word)
      try NotificationCapability(try t.badged(notification.pointer, 1)).signal()
      t.equal(try notification.wait(), 1)
    }
  }
}
