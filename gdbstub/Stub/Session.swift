/// What holds from a client's first packet to its last.
struct Session {
  var isAttached = false
  /// Whether packets are acknowledged with `+` and `-`, until `QStartNoAckMode`.
  var acknowledges = true
  /// Whether `qSupported` has come: a client sends it once.
  var hasNegotiated = false

  // What the client announced in `qSupported`.
  var knowsErrorMessages = false
  var knowsSoftwareBreakpoints = false
  var knowsHardwareBreakpoints = false

  /// Whether threads are held one by one (`QNonStop:1`).
  var isNonStop = false
  /// The stop that the client was told of and has not taken yet.
  var announced: UntoldStop?
  /// Whether the client has taken the news that the whole target stands still.
  var hasToldOfHalt = false
  /// One that the client asked to stop, and that does not exist.
  var exitedThread: ThreadID?
  /// The one that the client let go last.
  var resumedThread: ThreadID?

  /// Whether the client takes what a running target sends by itself, console output above all. gdb does
  /// between a resumption and the stop only, and while it attaches it takes an `O` packet for the answer to
  /// what it asked.
  var isListening = false
  /// Whether the client has asked for the target to stop, or let it run and waits for it to.
  var awaitsStop = false

  /// In all-stop mode, the thread that everything runs for until it has done one step.
  var steppedThread: ThreadID?

  /// The thread that `g`, `p` and their like are about, chosen by `Hg`; nil for the current one.
  var selectedThread: ThreadID?
  /// How far `qfThreadInfo` and `qsThreadInfo` have come; nil before the first thread.
  var listedThread: ThreadID?
}
