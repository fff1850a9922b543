/// Operations made up while they are performed.
package struct RandomSequence {
  /// Where it went wrong, nil if nowhere.
  package let failure: Failure?
  /// How often each system call was answered in which way.
  package let outcomes: [Lockstep.Outcome: Int]
  /// System calls that were made.
  package let calls: Int
  /// Operations that happened.
  package let count: Int

  /// - Parameters:
  ///   - count: of operations.
  ///   - base: physical address of the kernel's memory.
  ///   - workLimit: what an entry of the kernel may do of a long operation.
  ///   - thoroughInterval: operations from one thorough comparison, with the kernel's invariants, to the next.
  ///   - mistake: what the kernel does wrongly.
  ///   - next: makes up an operation.
  /// - Throws: if no kernel can be had at that address.
  package init(
    count: Int, base: UInt64, workLimit: UInt64 = .max, thoroughInterval: Int = 256,
    mistake: Mistake = .none,
    next: (Lockstep) -> Operation
  ) throws {
    let lockstep = try Lockstep(
      base: base, workLimit: workLimit, thoroughInterval: thoroughInterval, mistake: mistake)
    var recording = Recording(base: base, workLimit: workLimit)
    for _ in 0..<count where !lockstep.hasLostItsWay {
      let operation = next(lockstep)
      recording.operations.append(operation)
      do throws(Difference) {
        try lockstep.perform(operation)
      } catch {
        failure = Failure(recording: recording, difference: error)
        outcomes = lockstep.outcomes
        calls = lockstep.calls
        self.count = recording.operations.count
        return
      }
    }
    failure = nil
    outcomes = lockstep.outcomes
    calls = lockstep.calls
    self.count = recording.operations.count
  }
}
