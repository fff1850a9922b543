internal import Glibc
internal import Synchronization

/// Remembers that Ctrl-C (SIGINT) was pressed, instead of ending the process.
///
/// Whoever waits for a target looks at it now and then, and interrupts the target.
package enum InterruptFlag {
  private static let isRaised = Atomic(false)

  /// From here on, SIGINT raises the flag.
  package static func install() {
    // Touched here first, so that the signal handler never has to initialise it.
    isRaised.store(false, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in InterruptFlag.isRaised.store(true, ordering: .relaxed) }
    sigaction(SIGINT, &action, nil)
  }

  /// Whether it was pressed since this was last asked.
  package static func take() -> Bool {
    isRaised.exchange(false, ordering: .relaxed)
  }
}
