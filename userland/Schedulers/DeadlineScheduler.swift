internal import KernelObjects
public import LibVesper

/// A domain that does a job in each period and yields when it is done.
public struct PeriodicTask {
  public let domain: DomainCapability
  /// Timer counts; a job must be done before the next period begins.
  public let period: UInt64
  /// When the present job began to be due, and whether it still is.
  var release: UInt64 = 0
  var isPending = true
  /// Jobs done in time, and late.
  public fileprivate(set) var met: UInt64 = 0
  public fileprivate(set) var missed: UInt64 = 0

  public init(_ domain: DomainCapability, period: UInt64) {
    self.domain = domain
    self.period = period
  }

  var deadline: UInt64 { release + period }
}

/// Earliest deadline first (Liu and Layland, 1973): no deadline is missed as long as all jobs together need no more
/// time than there is.
public struct DeadlineScheduler<let count: Int> {
  public private(set) var tasks: InlineArray<count, PeriodicTask>
  /// Timer counts in which no job was due.
  public private(set) var idle: UInt64 = 0

  public init(_ tasks: InlineArray<count, PeriodicTask>) { self.tasks = tasks }

  /// Schedules from now to the timer's count `end`; the caller's slices are the processor's only ones in use.
  public mutating func run(until end: UInt64) throws(Refusal) {
    var now = Processor.time
    for index in 0..<count {
      tasks[index].release = now
      tasks[index].isPending = true
    }
    while now < end {
      releaseJobs(now)
      if let index = mostUrgent() {
        // The next release may be more urgent.
        let back = try tasks[index].domain.run(until: nextRelease())
        now = Processor.time
        if back.reason == .yielded { finish(index, now) }
      } else {
        let start = now
        now = Processor.time
        idle += now - start
      }
    }
  }

  private mutating func releaseJobs(_ now: UInt64) {
    for index in 0..<count where now >= tasks[index].deadline {
      // A job that is still not done goes on, late; its next one has to wait for it.
      if tasks[index].isPending { continue }
      tasks[index].release += tasks[index].period
      tasks[index].isPending = true
    }
  }

  private mutating func finish(_ index: Int, _ now: UInt64) {
    if now <= tasks[index].deadline { tasks[index].met += 1 } else { tasks[index].missed += 1 }
    tasks[index].isPending = false
  }

  private func mostUrgent() -> Int? {
    var best: Int?
    for index in 0..<count where tasks[index].isPending {
      if let other = best, tasks[other].deadline <= tasks[index].deadline { continue }
      best = index
    }
    return best
  }

  /// The first time at which somebody who waits for its next period gets it.
  private func nextRelease() -> UInt64 {
    var next = UInt64.max
    for index in 0..<count where !tasks[index].isPending { next = min(next, tasks[index].deadline) }
    return next == .max ? 0 : next
  }
}
