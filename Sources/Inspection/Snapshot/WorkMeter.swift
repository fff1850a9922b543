/// How far a long piece of work has come, and whether somebody wants it to end before it is done.
///
/// Who works tells it of each small step. Now and then it asks whether to go on; from the first no on, everything
/// that looks at ``isStopped`` ends as soon as it can, and what it leaves is not to be used.
package final class WorkMeter {
  /// A part of the work.
  package enum Phase: String, Sendable {
    case reading, sorting, showing
  }

  /// Asked with the phase, the steps done and, where they are known, all steps; says whether to go on.
  package var shouldGoOn: ((Phase, _ done: Int, _ total: Int?) -> Bool)?
  package private(set) var isStopped = false

  private var phase = Phase.reading
  private var done = 0
  private var total: Int?
  private var untilNextQuestion = WorkMeter.interval
  /// Steps between two questions: less than a millisecond's work.
  private static let interval = 1024

  package init() {}

  /// Another part of the work begins.
  package func begin(_ phase: Phase, total: Int? = nil) {
    self.phase = phase
    self.total = total
    done = 0
  }

  /// More was found to do.
  package func expect(_ count: Int) { total = (total ?? 0) + count }

  /// Steps are done. Says whether to go on.
  @discardableResult
  package func advance(by count: Int = 1) -> Bool {
    done += count
    untilNextQuestion -= count
    if untilNextQuestion <= 0 { ask() }
    return !isStopped
  }

  private func ask() {
    untilNextQuestion = Self.interval
    if !isStopped, let shouldGoOn, !shouldGoOn(phase, done, total) { isStopped = true }
  }

  /// New work begins, whatever became of the last.
  package func reset() {
    isStopped = false
    begin(.reading)
  }
}
