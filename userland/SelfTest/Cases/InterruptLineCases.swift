internal import Devices
internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func interruptLineCases() {
    edgesAndLevels()
    severalLines()
    partnersOfALineThatGo()
  }

  private mutating func edgesAndLevels() {
    test("an edge interrupts once, though the device still asks") { t throws(Refusal) in
      let line = try InputLine(&t, .edge, badge: 2)
      line.raise()
      t.equal(try line.notification.wait(), 2)
      try line.handler.acknowledge()
      t.settle()
      t.nothing(line.notification)
      line.lower()
    }
    test("edges that come before the acknowledgement are one interrupt after it") { t throws(Refusal) in
      let line = try InputLine(&t, .edge, badge: 2)
      line.raise()
      t.equal(try line.notification.wait(), 2)
      for _ in 0..<3 {
        line.lower()
        line.raise()
      }
      t.settle()
      t.nothing(line.notification)
      try line.handler.acknowledge()
      t.equal(try line.notification.wait(), 2)
      try line.handler.acknowledge()
      t.settle()
      t.nothing(line.notification)
      line.lower()
    }
    test("a level that ended before the acknowledgement is forgotten") { t throws(Refusal) in
      let line = try InputLine(&t, .level, badge: 2)
      line.raise()
      t.equal(try line.notification.wait(), 2)
      line.lower()
      line.raise()
      line.lower()
      try line.handler.acknowledge()
      t.settle()
      t.nothing(line.notification)
    }
  }

  private mutating func severalLines() {
    test("two lines signal one Notification, each its own bit") { t throws(Refusal) in
      let clock = try AlarmClock(&t, badge: 1)
      let line = try InputLine(&t, .level, badge: 4, at: clock.notification)
      line.raise()
      clock.device.setAlarm(after: 0)
      t.settle()
      t.equal(try clock.notification.poll(), 5)
      line.lower()
      clock.stop()
    }
    test("two lines wake two handlers, each its own") { t throws(Refusal) in
      let clock = try AlarmClock(&t, badge: 1)
      let line = try InputLine(&t, .level, badge: 4)
      let first = try t.startedHelper(0, [HelperStep(Request(.receive, on: clock.notification.pointer))])
      let second = try t.startedHelper(1, [HelperStep(Request(.receive, on: line.notification.pointer))])
      line.raise()
      t.settle()
      t.equal(second.answer().badge, 4)
      t.equal(first.finished, 0)
      clock.device.setAlarm(after: 0)
      t.settle()
      t.equal(first.answer().badge, 1)
      line.lower()
      clock.stop()
    }
    test("an interrupt ends a receive of the Domain that its Notification is bound to") { t throws(Refusal) in
      let line = try InputLine(&t, .level, badge: 8)
      let endpoint = try t.endpoint()
      let server = try t.helper(0, [HelperStep(Request(.receive, on: endpoint.pointer))])
      try server.domain.bind(line.notification)
      try server.start()
      t.settle()
      line.raise()
      t.settle()
      t.ended(.ok, server.answer())
      t.equal(server.answer().badge, 8)
      line.lower()
    }
  }

  private mutating func partnersOfALineThatGo() {
    test("an interrupt before its handler is deleted can still be waited for") { t throws(Refusal) in
      let line = try InputLine(&t, .level, badge: 2)
      line.raise()
      t.settle()
      try t.cnode.delete(line.handler.word)
      t.equal(try line.notification.wait(), 2)
      line.lower()
    }
    test("the next handler of a line gets no interrupt of the last one's time") { t throws(Refusal) in
      let line = try InputLine(&t, .edge, badge: 2)
      line.raise()
      _ = try line.notification.wait()
      line.lower()
      line.raise()
      line.lower()
      try t.cnode.delete(line.handler.word)
      let next = try t.handler(Board.generalPurposeIOInterrupt, .edge)
      try next.bind(line.notification)
      t.settle()
      t.nothing(line.notification)
    }
    test("a line whose Notification is deleted can be bound to another") { t throws(Refusal) in
      let line = try InputLine(&t, .level, badge: 2)
      try t.cnode.revoke(line.notification.word)
      try t.cnode.delete(line.notification.word)
      line.raise()
      t.settle()
      let other = try t.notification()
      try line.handler.bind(NotificationCapability(try t.badged(other.pointer, 16)))
      t.equal(try other.wait(), 16)
      line.lower()
    }
    test("revoking what IRQControl gave leaves all lines masked") { t throws(Refusal) in
      let line = try InputLine(&t, .level, badge: 2)
      let clock = try AlarmClock(&t, badge: 1)
      try t.cnode.revoke(t.laboratory.irqControl.word)
      t.holds(!t.isFilled(line.handler.pointer) && !t.isFilled(clock.handler.pointer))
      line.raise()
      clock.device.setAlarm(after: 0)
      t.settle()
      t.nothing(line.notification)
      t.nothing(clock.notification)
      line.lower()
      clock.stop()
    }
  }
}
