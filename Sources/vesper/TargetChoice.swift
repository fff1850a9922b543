internal import Glibc
internal import TargetLink

/// Which system a TARGET on the command line means.
enum TargetChoice {
  /// The target that is named, else the only one there is.
  static func specification(_ text: String?) throws(Failure) -> TargetSpecification {
    guard let text else {
      let isTerminal = isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0
      let asking: ((String) -> Int?)? = isTerminal ? { ask($0) } : nil
      return try onlyRunning(FoundSystem.all(), asking: asking)
    }
    do throws(TargetSpecificationError) {
      return try TargetSpecification(parsing: text)
    } catch {
      throw Failure(.usage, error.description)
    }
  }

  /// The first way in to the only system there is: those in which a kernel was found come before all others.
  ///
  /// `asking` is given the numbered list if there are several, and returns a number from 1 on.
  static func onlyRunning(
    _ systems: [FoundSystem], asking: ((String) -> Int?)? = nil
  ) throws(Failure) -> TargetSpecification {
    let reachable = systems.filter { !$0.emulator.waysIn.isEmpty }
    let kernels = reachable.filter { $0.kernel != nil }
    let candidates = kernels.isEmpty ? reachable : kernels
    guard let first = candidates.first else { throw noSystem(systems) }
    if candidates.count == 1 { return first.emulator.waysIn[0] }
    guard let asking else {
      let list = candidates.map { "\n  \(line($0))" }.joined()
      throw Failure(.usage, "\(candidates.count) systems run here; name one:\(list)")
    }
    let list = candidates.enumerated().map { "  \($0 + 1)  \(line($1))\n" }.joined()
    guard let number = asking("\(candidates.count) systems run here:\n\(list)"),
      candidates.indices.contains(number - 1)
    else { throw Failure(.usage, "no system was chosen; write its number, or name a target") }
    return candidates[number - 1].emulator.waysIn[0]
  }

  private static func line(_ system: FoundSystem) -> String {
    let emulator = system.emulator
    let name = emulator.name.map { ", \(ConsoleText.printable(Array($0.utf8)))" } ?? ""
    return "\(emulator.waysIn[0])  (process \(emulator.processID)\(name))"
  }

  private static func noSystem(_ systems: [FoundSystem]) -> Failure {
    let others = systems.isEmpty ? "" : " (those that run are open to another user, or to nobody)"
    return Failure(
      .unavailable,
      "no system runs here that could be attached to\(others); start one with `vesper run`, "
        + "or name a target: \(TargetSpecification.spellings)")
  }

  private static func ask(_ list: String) -> Int? {
    printPassing("\(list)which one? ")
    return readLine().flatMap { Int($0) }
  }
}
