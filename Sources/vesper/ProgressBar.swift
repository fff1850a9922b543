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

  /// To be told of every step that is asked about; draws ten times a second.
  func show(_ phase: WorkMeter.Phase, _ done: Int, _ total: Int?) {
    let now = ContinuousClock.now
    guard now - start >= Self.patience, now - (lastDrawn ?? start) >= Self.redrawInterval else { return }
    lastDrawn = now
    var line = phase.rawValue
    if let total, total > 0 {
      let part = min(done, total)
      let filled = part * Self.width / total
      line += " [" + String(repeating: "#", count: filled)
      line += String(repeating: ".", count: Self.width - filled) + "] \(part * 100 / total) %"
    }
    write("\r\u{1b}[K" + line)
  }

  /// Takes it off the screen.
  func clear() {
    if lastDrawn != nil { write("\r\u{1b}[K") }
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

extension CommandSession {
  /// Does something that Ctrl-C ends, and shows its progress if somebody is there to see it.
  func withProgress<Value>(_ body: () throws(CommandError) -> Value) throws(CommandError) -> Value {
    let bar = isatty(STDERR_FILENO) == 1 ? ProgressBar() : nil
    meter.shouldGoOn = { phase, done, total in
      bar?.show(phase, done, total)
      return !SignalFlag.takeInterrupt() && !SignalFlag.isTerminating
    }
    defer {
      meter.shouldGoOn = nil
      bar?.clear()
    }
    return try body()
  }
}
