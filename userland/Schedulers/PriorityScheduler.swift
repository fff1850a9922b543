internal import KernelObjects
public import LibVesper

/// Fixed priorities: whoever can run and has the highest runs.
///
/// Its domains have no slices of their own; they run on the caller's. One that becomes ready while a lower one runs
/// preempts it if whoever wakes it also signals the notification bound to the scheduler's own domain; else it waits
/// until the lower one comes back.
public struct PriorityScheduler<let count: Int> {
  /// The highest first.
  private let domains: InlineArray<count, DomainCapability>

  public init(_ domains: InlineArray<count, DomainCapability>) { self.domains = domains }

  /// Lets the first that can run have the processor, at most until the timer's count `until` (0: to the slice's end).
  ///
  /// - Returns: who ran, and why that ended; nil if nobody can run.
  public func runOnce(until: UInt64 = 0) throws(Refusal) -> (index: Int, back: TimeReturn)? {
    for index in 0..<count {
      let back = try domains[index].run(until: until)
      switch back.reason {
      case .blocked, .stopped, .faulted: continue
      default: return (index, back)
      }
    }
    return nil
  }
}
