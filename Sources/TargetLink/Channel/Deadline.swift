/// The moment after which something is no longer waited for.
package struct Deadline: Sendable {
  private let instant: ContinuousClock.Instant

  package static func after(_ duration: Duration) -> Deadline {
    Deadline(instant: .now + duration)
  }

  /// This deadline, or the moment after `duration` if that comes before.
  func sooner(than duration: Duration) -> Deadline {
    Deadline(instant: min(instant, .now + duration))
  }

  package var hasPassed: Bool { instant <= .now }

  /// What is left, in the milliseconds `poll(2)` takes, rounded up so that it is not called in a spin.
  var pollTimeout: Int32 {
    let left = ContinuousClock.now.duration(to: instant)
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
  }
}
