/// Why the target stopped.
public enum StopReason: Equatable, Sendable {
  /// The client asked for it (SIGINT).
  case interrupt
  /// The client asked for this one thread to stop (`vCont;t`, which has no signal).
  case request
  /// A breakpoint instruction was met: the program counter is at it. It may be one of the stub's or one in
  /// the program.
  case breakpoint
  /// A hardware breakpoint was met.
  case hardwareBreakpoint
  /// A watchpoint of the given kind was hit by an access to `address`.
  case watchpoint(HardwareBreakpoint, address: UInt64)
  /// One instruction was executed, as asked.
  case step
  /// An exception that nobody handles, as the signal that gdb shows for it.
  case exception(Signal)

  var signal: Signal {
    switch self {
    case .interrupt: .interrupt
    case .request: .none
    case .breakpoint, .hardwareBreakpoint, .watchpoint, .step: .trap
    case .exception(let signal): signal
    }
  }
}

/// Signals in the protocol's own numbering (`include/gdb/signals.def`).
public enum Signal: UInt8, Sendable {
  /// None.
  case none = 0
  /// SIGINT.
  case interrupt = 2
  /// SIGILL: an undefined instruction.
  case illegalInstruction = 4
  /// SIGTRAP: breakpoint, watchpoint or step.
  case trap = 5
  /// SIGABRT: the kernel gave up.
  case abort = 6
  /// SIGBUS: a misaligned or external abort.
  case bus = 10
  /// SIGSEGV: a translation or permission fault.
  case segmentation = 11
}
