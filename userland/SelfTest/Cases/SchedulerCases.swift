internal import KernelObjects
internal import LibVesper
internal import Schedulers

// Policies that are programs: the root domain schedules the helpers, which have no time of their own.
extension SelfTest {
  mutating func schedulerCases() {
    priorities()
    deadlines()
    strides()
  }

  private mutating func priorities() {
    test("priorities: a lower domain runs only while all higher ones wait") { t throws(Refusal) in
      let wake = try t.notification()
      let low = try t.borrower(
        0, [HelperStep(Request(.yield)), HelperStep(Request(.send, on: wake.pointer))])
      let high = try t.borrower(
        1, [HelperStep(Request(.receive, on: wake.pointer)), HelperStep(Request(.yield))])
      let scheduler = PriorityScheduler([high.domain, low.domain])
      t.equal(UInt64(try scheduler.runOnce()?.index ?? 9), 1)
      t.holds(low.finished == 0 && high.finished == 0)
      try wake.signal()
      t.equal(UInt64(try scheduler.runOnce()?.index ?? 9), 0)
      t.equal(high.finished, 1)
      // The higher one stops at its end, and the lower one too.
      t.holds(try scheduler.runOnce() == nil)
      t.holds(high.isDone && low.isDone)
    }
    test("priorities: who is woken preempts a lower domain if the scheduler is told") { t throws(Refusal) in
      let wake = try t.notification()
      let own = try t.boundNotification()
      let told = NotificationCapability(try t.badged(own.pointer, 4))
      let page = try t.page()
      let low = try t.borrower(
        0,
        [
          HelperStep(Request(.send, on: wake.pointer)), HelperStep(Request(.send, on: told.pointer)),
          HelperStep(.countForever, page),
        ])
      let high = try t.borrower(
        1, [HelperStep(Request(.receive, on: wake.pointer)), HelperStep(Request(.yield))])
      let scheduler = PriorityScheduler([high.domain, low.domain])
      let first = try scheduler.runOnce()
      t.equal(first?.back.reason?.rawValue ?? 0, RunReason.event.rawValue)
      t.equal(first?.back.events ?? 0, 4)
      t.equal(UInt64(try scheduler.runOnce()?.index ?? 9), 0)
      t.equal(Memory.read(page), 0)
      try t.laboratory.domain.bind(nil)
    }
  }

  private mutating func deadlines() {
    test("earliest deadline first: at 95 % utilisation no deadline is missed") { t throws(Refusal) in
      let tasks = try t.deadlines(percent: [40, 30, 25])
      for index in 0..<3 { t.equal(tasks[index].missed, 0, "a deadline was missed") }
      t.holds(tasks[0].met >= 145 && tasks[1].met >= 95 && tasks[2].met >= 55, "jobs were left out")
    }
    test("earliest deadline first: at 110 % some are, so that the case before can fail") {
      t throws(Refusal) in
      let tasks = try t.deadlines(percent: [50, 35, 25])
      t.holds(tasks[0].missed + tasks[1].missed + tasks[2].missed > 0)
    }
  }

  private mutating func strides() {
    test("strides: shares are those of the tickets within 1 %") { t throws(Refusal) in
      let page = try t.page()
      var domains = InlineArray<3, DomainCapability>(repeating: t.laboratory.domain)
      for index in 0..<3 {
        domains[index] = try t.borrower(index, [HelperStep(.countForever, page + UInt64(index) * 8)]).domain
      }
      let tickets: InlineArray<3, UInt64> = [1, 3, 6]
      var scheduler = StrideScheduler(domains, tickets: tickets, quantum: SlotReport.length / 20)
      for _ in 0..<1000 { _ = try scheduler.runOnce() }
      var total: UInt64 = 0
      for index in 0..<3 { total += Memory.read(page + UInt64(index) * 8) }
      for index in 0..<3 {
        let share = Memory.read(page + UInt64(index) * 8) * 1000 / total
        let expected = tickets[index] * 100
        t.holds(share + 10 >= expected && share <= expected + 10, "a share off by more than 1 %")
      }
    }
  }
}

extension Trial {
  /// A helper that is started, but has no time of its own.
  mutating func borrower<let count: Int>(
    _ number: Int, faultEndpoint: EndpointCapability? = nil, _ steps: InlineArray<count, HelperStep>
  ) throws(Refusal) -> Helper {
    let helper = try helper(number, faultEndpoint: faultEndpoint, steps)
    try helper.start()
    try helper.time.unbind()
    return helper
  }

  /// A Notification whose signals come to the root domain; to be unbound at the case's end.
  mutating func boundNotification() throws(Refusal) -> NotificationCapability {
    let notification = try notification()
    try laboratory.domain.bind(notification)
    return notification
  }

  /// A page of the root domain's, which helpers see too.
  mutating func page() throws(Refusal) -> UInt64 {
    let segment = try attachedSegment()
    try segment.map(try frame(), at: 0, rights: .readWrite)
    return try segment.address()
  }

  /// Three tasks with periods of 2, 3 and 5 ms, that need so much of it, for 0.3 s.
  fileprivate mutating func deadlines(percent: InlineArray<3, UInt64>) throws(Refusal)
    -> InlineArray<3, PeriodicTask>
  {
    let millisecond = Processor.timeFrequency / 1000
    let periods: InlineArray<3, UInt64> = [2 * millisecond, 3 * millisecond, 5 * millisecond]
    var tasks = InlineArray<3, PeriodicTask>(repeating: PeriodicTask(laboratory.domain, period: 1))
    for index in 0..<3 {
      let rounds = Work.rounds(for: periods[index] * percent[index] / 100)
      tasks[index] = PeriodicTask(
        try borrower(index, [HelperStep(.workAndYield, rounds)]).domain, period: periods[index])
    }
    Processor.yield()
    var scheduler = DeadlineScheduler(tasks)
    try scheduler.run(until: Processor.time + 300 * millisecond)
    return scheduler.tasks
  }
}

/// Work that takes the same time whenever it is done.
enum Work {
  static func perform(rounds: UInt64) {
    for _ in 0..<rounds { _ = Memory.read(Helper.entry & ~7) }
  }

  /// Whether the timer counts instructions, as under QEMU's `-icount`: the same work always takes the same time.
  static var isCounted: Bool {
    Processor.yield()
    let first = time(rounds: 10_000)
    for _ in 0..<8 {
      let other = time(rounds: 10_000)
      if max(first, other) - min(first, other) > 1 { return false }
    }
    return true
  }

  private static func time(rounds: UInt64) -> UInt64 {
    let start = Processor.time
    perform(rounds: rounds)
    return Processor.time - start
  }

  /// How often it takes so many timer counts.
  static func rounds(for counts: UInt64) -> UInt64 {
    Processor.yield()
    let sample: UInt64 = 20_000
    return counts * sample / time(rounds: sample)
  }
}
