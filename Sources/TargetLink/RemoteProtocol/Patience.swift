/// How long something that was asked for is waited for while other things arrive.
///
/// Until the deadline, and then for as long as it takes to look through what may have come before it; without a
/// bound on that, a flood of console text would keep a wait going for ever.
struct Patience {
  let deadline: Deadline
  private var arrivalsLeft = 4096

  init(until deadline: Deadline) {
    self.deadline = deadline
  }

  init(_ duration: Duration) {
    deadline = .after(duration)
  }

  /// To be asked before each arrival.
  var isOver: Bool {
    mutating get {
      if arrivalsLeft > 0 {
        arrivalsLeft -= 1
        return false
      }
      return deadline.hasPassed
    }
  }
}
