import KernelObjects

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

/// What a step takes at most, as `make bench` shows when it is taken again and again.
struct WorkStep {
  let units: UInt64

  /// An empty slot is passed by, or a sender with another badge.
  static var pass: WorkStep { WorkStep(units: 1) }
  /// A descriptor of a translation table is looked at, and what it names is retired.
  static var descriptor: WorkStep { WorkStep(units: 2) }
  /// A waiting domain is woken.
  static var wake: WorkStep { WorkStep(units: 8) }
  /// An object is made in zeroed memory, and its capability.
  static var object: WorkStep { WorkStep(units: 7) }
  /// A capability is removed.
  static var capability: WorkStep { WorkStep(units: 13) }
  /// A capability is removed, and the slice vector is walked.
  static var sliceVector: WorkStep { WorkStep(units: 60) }
  /// A page is zeroed.
  static var page: WorkStep { WorkStep(units: 19) }
  /// Capability pointers are resolved in as many steps as they have bits.
  static func lookUps(_ count: UInt64) -> WorkStep { WorkStep(units: 64 &* count) }
}

extension Kernel {
  /// What an entry may do that began with `lookUps` capability pointers of `caller`.
  func workBudget(for caller: Reference<Domain>, lookUps: UInt64) -> WorkBudget {
    var budget = WorkBudget(units: machine.workLimit)
    if !resolvesInOneStep(caller) { budget.spend(.lookUps(lookUps)) }
    return budget
  }
}
