/// The packets `Z1` to `Z4`.
public enum HardwareBreakpoint: UInt8, Sendable {
  /// Stop before an instruction is executed.
  case execution = 1
  /// Stop after a write.
  case write = 2
  /// Stop after a read.
  case read = 3
  /// Stop after a read or a write.
  case access = 4
}

/// What came of setting or removing a hardware breakpoint.
public enum HardwareBreakpointAnswer: Sendable {
  /// It was done.
  case done
  /// The processor has no more of them.
  case full
  /// The processor cannot tell exactly these addresses from others.
  case unsuitable
  /// The target does not allow one there.
  case refused
  /// The target has none of this kind.
  case unsupported
}
