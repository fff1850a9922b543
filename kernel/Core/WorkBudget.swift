/// What a kernel entry may still do before it has to end.
///
/// Operations without a small bound are made of steps. Each step leaves all objects consistent, says afterwards what
/// it took, and when nothing is left the entry ends by `Refusal.unfinished`: the caller's `svc` is then executed
/// again and goes on (see Documentation/long-operations.md).
struct WorkBudget {
  private var left: UInt64

  /// - Parameter units: of about 16 instructions; 0 allows one step.
  init(units: UInt64) { left = units }

  var isSpent: Bool { left == 0 }

  @inline(__always)
  mutating func spend(_ step: WorkStep) { left = left > step.units ? left &- step.units : 0 }
}

/// What a step takes at most.
struct WorkStep {
  let units: UInt64

  /// An empty slot is passed by, or a domain in a queue, or a descriptor.
  static var pass: WorkStep { WorkStep(units: 1) }
  /// A waiting domain is woken.
  static var wake: WorkStep { WorkStep(units: 4) }
  /// An object is made in zeroed memory, and its capability.
  static var object: WorkStep { WorkStep(units: 6) }
  /// A capability is removed.
  static var capability: WorkStep { WorkStep(units: 10) }
  /// A capability is removed, and the slice vector is walked.
  static var sliceVector: WorkStep { WorkStep(units: 60) }
  /// A page is zeroed.
  static var page: WorkStep { WorkStep(units: 20) }
}
