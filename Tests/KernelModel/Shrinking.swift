// Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE TSE 28 (2), 2002.
extension Failure {
  /// The same failure, or another, by fewer and simpler operations: none of them can be left out.
  ///
  /// - Parameter mistake: what the kernel does wrongly.
  /// - Returns: the failure of the shortest sequence found.
  /// - Throws: if no kernel can be had at that address.
  package func shrunk(mistake: Mistake = .none) throws -> Failure {
    var best = self
    var length = 0
    repeat {
      length = best.recording.operations.count
      best = try best.withoutRuns(mistake)
      best = try best.withSimplerOperands(mistake)
    } while best.recording.operations.count < length
    return best
  }

  /// Leaves out runs of operations, long ones first.
  private func withoutRuns(_ mistake: Mistake) throws -> Failure {
    var best = self
    var run = max(1, recording.operations.count / 2)
    while true {
      var end = best.recording.operations.count
      while end > 0 {
        let start = max(0, end - run)
        var fewer = best.recording
        fewer.operations.removeSubrange(start..<end)
        if let failure = try fewer.replay(mistake: mistake) { best = failure }
        // What comes after the failure is gone, and so may be more than the run.
        end = min(start, best.recording.operations.count)
      }
      if run == 1 { return best }
      run /= 2
    }
  }

  /// Replaces operands by zero where it fails all the same.
  private func withSimplerOperands(_ mistake: Mistake) throws -> Failure {
    var best = self
    for index in recording.operations.indices {
      for simplify in Operation.simplifications where index < best.recording.operations.count {
        var simpler = best.recording
        simpler.operations[index] = simplify(simpler.operations[index])
        if simpler == best.recording { continue }
        if let failure = try simpler.replay(mistake: mistake) { best = failure }
      }
    }
    return best
  }
}

extension Operation {
  fileprivate static var simplifications: [(Operation) -> Operation] {
    let parts: [(inout CallRegisters) -> Void] =
      [{ $0.passed = 0 }, { $0.receiveSlot = 0 }] + (0..<6).map { index in { $0.words[index] = 0 } }
    return [{ $0.replacingActor() }] + parts.map { part in { $0.changing(part) } }
  }

  private func changing(_ change: (inout CallRegisters) -> Void) -> Operation {
    guard case .call(let actor, var registers) = self else { return self }
    change(&registers)
    return .call(actor, registers)
  }

  private func replacingActor() -> Operation {
    switch self {
    case .call(_, let registers): .call(.fixed(0), registers)
    case .fault(_, let address): .fault(.fixed(0), address: address)
    default: self
    }
  }
}
