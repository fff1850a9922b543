internal import Glibc
internal import Synchronization

/// Remembers that a signal came, instead of ending the process.
///
/// Whoever waits for something looks at it now and then.
package enum SignalFlag {
  private static let interrupt = Atomic(false)
  private static let termination = Atomic(false)

  /// From here on, SIGINT (Ctrl-C), SIGTERM and SIGHUP are remembered, and writing to nobody is an error (EPIPE)
  /// instead of a signal.
  package static func install() {
    // Touched here first, so that no signal handler has to initialise them.
    interrupt.store(false, ordering: .relaxed)
    termination.store(false, ordering: .relaxed)
    handle(SIGINT) { _ in SignalFlag.interrupt.store(true, ordering: .relaxed) }
    handle(SIGTERM) { _ in SignalFlag.termination.store(true, ordering: .relaxed) }
    handle(SIGHUP) { _ in SignalFlag.termination.store(true, ordering: .relaxed) }
    signal(SIGPIPE, SIG_IGN)
  }

  /// Whether Ctrl-C was pressed since this was last asked.
  package static func takeInterrupt() -> Bool {
    interrupt.exchange(false, ordering: .relaxed)
  }

  /// Whether the process was asked to end.
  package static var isTerminating: Bool { termination.load(ordering: .relaxed) }

  private static func handle(_ signal: Int32, by handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    sigaction(signal, &action, nil)
  }
}
