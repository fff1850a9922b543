internal import TargetLink

/// Which system a TARGET on the command line means.
enum TargetChoice {
  /// The target that is named, else the only one there is.
  static func specification(_ text: String?) throws(Failure) -> TargetSpecification {
    guard let text else { return try onlyRunning(QEMUDiscovery.runningEmulators()) }
    do throws(TargetSpecificationError) {
      return try TargetSpecification(parsing: text)
    } catch {
      throw Failure(.usage, error.description)
    }
  }

  /// The first way in to the only emulator that has one.
  static func onlyRunning(_ emulators: [RunningEmulator]) throws(Failure) -> TargetSpecification {
    let reachable = emulators.filter { !$0.waysIn.isEmpty }
    if reachable.count == 1 { return reachable[0].waysIn[0] }
    guard !reachable.isEmpty else {
      let others = emulators.isEmpty ? "" : " (those that run have no serial socket and no gdb stub open)"
      throw Failure(
        .unavailable,
        "no system runs here that could be attached to\(others); start one with `vesper run`, "
          + "or name a target: \(TargetSpecification.spellings)")
    }
    let list = reachable.map { "\n  \($0.waysIn[0])  (process \($0.processID))" }.joined()
    throw Failure(.usage, "\(reachable.count) systems run here; name one:\(list)")
  }
}
