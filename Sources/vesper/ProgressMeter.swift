internal import Glibc

/// How far something has come, on a terminal only, and only if it takes longer than a second.
final class ProgressMeter {
  private let what: String
  private let start = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?
  private static let patience = Duration.seconds(1)
  private static let interval = Duration.milliseconds(100)
  private static let width = 30

  init(_ what: String) {
    self.what = what
  }

  /// Shows `done` of `all` bytes.
  func show(_ done: UInt64, of all: UInt64) {
    let now = ContinuousClock.now
    guard isatty(STDERR_FILENO) != 0, now - start > Self.patience else { return }
    if let lastShown, now - lastShown < Self.interval { return }
    lastShown = now
    let share = all == 0 ? 1 : Double(done) / Double(all)
    let filled = Int(share * Double(Self.width))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    let size = "\(done >> 20) of \(all >> 20) MiB"
    printPassing("\r\(what) [\(bar)] \(Int(share * 100)) %  \(size)")
  }

  /// Takes the line away.
  func end() {
    // Erase in Line (ECMA-48).
    if lastShown != nil { printPassing("\r\u{1b}[K") }
    lastShown = nil
  }
}
