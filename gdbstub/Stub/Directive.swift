/// What the stub's owner must do after a byte has come.
public enum Directive: Equatable, Sendable {
  /// Go on as before.
  case none
  /// Stop the target as soon as possible and call ``GDBStub/stopped(_:)``.
  case stop
  /// Let the stopped target go on.
  case resume(Resumption)
  /// Start the machine anew; what the stub had to say has been sent.
  case reset
  /// The byte is none of the debugger's: it was typed on a console that no debugger is attached to.
  case input(UInt8)
}

/// How a stopped target goes on.
public enum Resumption: Equatable, Sendable {
  /// Until something stops it.
  case run
  /// For one instruction; then call ``GDBStub/stopped(_:)`` with ``StopReason/step``.
  case step
}
