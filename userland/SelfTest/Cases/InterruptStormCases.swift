internal import Devices
internal import KernelObjects
internal import LibVesper

// A line's handlers take no more of others' slots than its budget, whatever they and the device do. The root
// domain, which has slots of its own, is the one that they could take from.
extension SelfTest {
  mutating func interruptStormCases() {
    budgets()
    activatedDrivers()
    storms()
    limitRefusals()
  }

  private mutating func budgets() {
    test("a handler that computes without end takes its line's budget of another's slot, once") {
      t throws(Refusal) in
      let line = try InputLine(&t, .level, badge: 2)
      let page = try t.page()
      let driver = try t.spinner(0, on: line.notification, countingAt: page)
      t.within(Storm.budget, try t.loss(of: line, budget: Storm.budget))
      t.equal(driver.answer().badge, 2)
      t.holds(Memory.read(page) > 0)
      // In its own slot it goes on, and in no other.
      t.holds(Storm.mostLost(slots: 10) < Storm.slack)
      line.lower()
    }
    test("a handler without a budget runs in its own slots only") { t throws(Refusal) in
      let line = try InputLine(&t, .level, badge: 2)
      let page = try t.page()
      let driver = try t.spinner(0, on: line.notification, countingAt: page)
      t.within(0, try t.loss(of: line, budget: 0))
      t.equal(driver.finished, 0)
      t.equal(Memory.read(page), 0)
      t.settle()
      t.equal(driver.answer().badge, 2)
      t.holds(Memory.read(page) > 0)
      line.lower()
    }
    test("two lines' handlers take two budgets at most") { t throws(Refusal) in
      let line = try InputLine(&t, .level, badge: 2)
      let clock = try AlarmClock(&t, badge: 1)
      let page = try t.page()
      _ = try t.spinner(0, on: line.notification, countingAt: page)
      _ = try t.spinner(1, on: clock.notification, countingAt: page + 8)
      let control = t.laboratory.irqControl
      try control.limit(Board.realTimeClockInterrupt, to: Storm.budget)
      try control.limit(Board.generalPurposeIOInterrupt, to: Storm.budget)
      Storm.beginWindow()
      let start = Processor.time
      line.raise()
      clock.device.setAlarm(after: 0)
      t.within(2 * Storm.budget, Processor.time - start)
      t.holds(Memory.read(page) > 0 && Memory.read(page + 8) > 0)
      line.lower()
      clock.stop()
      try control.limit(Board.realTimeClockInterrupt, to: SlotReport.length / 10)
      try control.limit(Board.generalPurposeIOInterrupt, to: SlotReport.length / 10)
    }
  }

  private mutating func activatedDrivers() {
    test("an activated driver takes its line's budget of another's slot, and goes on in its own") {
      t throws(Refusal) in
      let (activated, notification, _) = try t.counting()
      let line = try InputLine(&t, .level, badge: 2, at: notification)
      t.within(Storm.budget, try t.loss(of: line, budget: Storm.budget))
      t.equal(activated.record.events, 2)
      let count = activated.record.count
      Processor.yield()
      t.equal(activated.record.count, count + 1, "activations in its own slot")
      line.lower()
    }
    test("an activated driver without a budget is activated once, in a slot of its own") {
      t throws(Refusal) in
      let (activated, notification, _) = try t.counting()
      let line = try InputLine(&t, .level, badge: 2, at: notification)
      t.within(0, try t.loss(of: line, budget: 0))
      t.equal(activated.block.isOn, 0)
      t.equal(activated.block.reason, ActivationReason.event.rawValue)
      t.equal(activated.block.events, 2)
      t.equal(activated.record.events, 0)
      let count = activated.record.count
      Processor.yield()
      t.equal(activated.record.count, count + 1, "activations in its own slot")
      t.equal(activated.record.events, 2)
      t.nothing(notification)
      line.lower()
    }
  }

  private mutating func storms() {
    test("a device that its driver never quiets takes no more of others' slots than the budget") {
      t throws(Refusal) in
      let line = try InputLine(&t, .level, badge: 2)
      let page = try t.page()
      var serve = HelperStep(.serveInterrupts, page)
      serve.request.words[1] = line.notification.word
      serve.request.words[2] = line.handler.word
      try t.helper(0, [serve]).start()
      t.settle()
      try t.laboratory.irqControl.limit(Board.generalPurposeIOInterrupt, to: Storm.budget)
      Storm.beginWindow()
      let lost = Storm.mostLost(slots: 10, raising: line)
      t.holds(lost >= Storm.budget, "there was no storm")
      // What the kernel does before and after it looks at the clock comes on top.
      t.holds(lost <= 2 * Storm.budget, "a storm takes others' time")
      t.holds(Memory.read(page) > 10)
      line.lower()
      try t.laboratory.irqControl.limit(Board.generalPurposeIOInterrupt, to: SlotReport.length / 10)
    }
  }

  private mutating func limitRefusals() {
    test("limit refuses the kernel's own interrupts, and those that do not exist") { t throws(Refusal) in
      t.refused(.invalidArgument, 1, 27, limitCall(t, 27, 0))
      t.refused(.invalidArgument, 1, 33, limitCall(t, 33, 0))
      t.refused(.outOfRange, 1, 256, limitCall(t, 256, 0))
      t.refused(.outOfRange, 1, 256, limitCall(t, .max, 0))
    }
    test("limit refuses more than a slot") { t throws(Refusal) in
      let most = SlotReport.length
      t.refused(.outOfRange, 2, most + 1, limitCall(t, 203, most + 1))
      t.refused(.outOfRange, 2, most + 1, limitCall(t, 203, .max))
      t.ended(.ok, limitCall(t, 203, most))
      t.ended(.ok, limitCall(t, 203, most / 10))
    }
  }
}

/// What is measured of a storm, in counts of the timer.
private enum Storm {
  static var budget: UInt64 { SlotReport.length / 20 }
  /// What the kernel and the readings of the clock take.
  static var slack: UInt64 { 200 }

  /// Until what a line took before is forgotten, and a slot has begun.
  static func beginWindow() {
    let start = Processor.time
    while Processor.time - start <= SlotReport.length {}
    Processor.yield()
  }

  /// The most that was lost of one of the root domain's slots, of so many between two that are not its own. Those
  /// are used to their end.
  static func mostLost(slots: UInt64, raising line: InputLine? = nil) -> UInt64 {
    var most: UInt64 = 0
    var lost: UInt64 = 0
    var seen: UInt64 = 0
    var last = Processor.time
    line?.raise()
    while seen <= slots {
      let now = Processor.time
      let gap = now - last
      if gap >= SlotReport.length / 2 {
        most = max(most, lost)
        lost = 0
        seen += 1
      } else if gap > 10 {
        lost += gap
      }
      last = now
    }
    return most
  }
}

extension Trial {
  /// A helper that waits for a signal and then counts without end.
  fileprivate mutating func spinner(
    _ number: Int, on notification: NotificationCapability, countingAt address: UInt64
  ) throws(Refusal) -> Helper {
    try startedHelper(
      number, [HelperStep(Request(.receive, on: notification.pointer)), HelperStep(.countForever, address)])
  }

  /// What the root domain loses when the line is raised.
  fileprivate mutating func loss(of line: InputLine, budget: UInt64) throws(Refusal) -> UInt64 {
    let control = laboratory.irqControl
    try control.limit(Board.generalPurposeIOInterrupt, to: budget)
    Storm.beginWindow()
    let start = Processor.time
    line.raise()
    let loss = Processor.time - start
    try control.limit(Board.generalPurposeIOInterrupt, to: SlotReport.length / 10)
    return loss
  }

  /// All of the budget, and hardly more.
  fileprivate mutating func within(
    _ budget: UInt64, _ loss: UInt64, file: StaticString = #fileID, line: UInt = #line
  ) {
    holds(loss >= budget, "less than the budget", file: file, line: line)
    holds(loss <= budget + Storm.slack, "more than the budget", file: file, line: line)
  }
}

private func limitCall(_ trial: Trial, _ irq: UInt64, _ counts: UInt64) -> Answer {
  call(.irqControlLimit, on: trial.laboratory.irqControl.pointer, [irq, counts])
}
