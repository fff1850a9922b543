internal import Commands
internal import Glibc
internal import Inspection
internal import ShellTerminal

/// Shows on a terminal's standard error how far something has come that takes longer than a second.
final class ProgressBar {
  private let start = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  private static let patience = Duration.seconds(1)
  private static let redrawInterval = Duration.milliseconds(100)
  private static let width = 30
  /// Erase in Line (ECMA-48).
  private static let emptyLine = "\r\u{1b}[K"

  /// Nil if nobody would see it.
  init?() {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
  }

  /// To be told of every step that is asked about; draws ten times a second.
  ///
  /// The numbers are shown too if their unit is given.
  func show(_ what: String, _ done: Int, of total: Int?, unit: String? = nil) {
    let now = ContinuousClock.now
    guard now - start >= Self.patience, now - (lastDrawn ?? start) >= Self.redrawInterval else { return }
    lastDrawn = now
    var line = what
    if let total, total > 0 {
      let part = min(done, total)
      let filled = part * Self.width / total
      line += " [" + String(repeating: "#", count: filled)
      line += String(repeating: ".", count: Self.width - filled) + "] \(part * 100 / total) %"
      if let unit { line += "  \(part) of \(total) \(unit)" }
    }
    printPassing(Self.emptyLine + line)
  }

  /// Takes it off the screen.
  func clear() {
    if lastDrawn != nil { printPassing(Self.emptyLine) }
  }
}

extension CommandSession {
  /// Does something that Ctrl-C ends, and shows its progress if somebody is there to see it.
  func withProgress<Value>(_ body: () throws(CommandError) -> Value) throws(CommandError) -> Value {
    let bar = ProgressBar()
    meter.shouldGoOn = { phase, done, total in
      bar?.show(phase.rawValue, done, of: total)
      return !SignalFlag.takeInterrupt() && !SignalFlag.isTerminating
    }
    defer {
      meter.shouldGoOn = nil
      bar?.clear()
    }
    return try body()
  }

  /// Saves memory to a file, as ``withProgress(_:)`` does what it does.
  func saveWithProgress(to file: String, stopping: Bool) throws(CommandError) -> SavedMemory {
    let bar = ProgressBar()
    defer { bar?.clear() }
    return try save(to: file, stopping: stopping) { done, all in
      bar?.show("saving", Int(done >> 20), of: Int(all >> 20), unit: "MiB")
      return !SignalFlag.takeInterrupt() && !SignalFlag.isTerminating
    }
  }
}
