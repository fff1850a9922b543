internal import KernelBoot
public import KernelObjects

/// The processor's debug exceptions, taken by the kernel itself (Arm ARM, chapter D2).
public enum SelfHostedDebug {
  /// MDSCR_EL1: software step, debug exceptions within EL1, breakpoints and watchpoints.
  private enum Control {
    static let step: UInt64 = 1 << 0
    static let kernelDebug: UInt64 = 1 << 13
    static let monitorDebug: UInt64 = 1 << 15
  }

  /// SPSR_EL1 and PSTATE.
  private enum ProcessorState {
    static let interruptMask: UInt64 = 1 << 7
    static let debugMask: UInt64 = 1 << 9
    static let step: UInt64 = 1 << 21
    static let exceptionLevel: UInt64 = 3 << 2
  }

  /// Takes the OS locks away, which hold back debug exceptions after reset (D2.9.2).
  public static func enable() {
    arm_write_oslar_el1(0)
    arm_write_osdlr_el1(0)
    arm_write_mdscr_el1(arm_read_mdscr_el1() | Control.kernelDebug | Control.monitorDebug)
    arm_isb()
  }

  /// Lets a context execute one instruction when it is resumed (D2.12), without an interrupt in between.
  ///
  /// - Returns: the frame's `pstate` from before, for `endStep`.
  public static func beginStep(_ frame: inout RegisterFrame) -> UInt64 {
    let before = frame.pstate
    frame.pstate |= ProcessorState.step | ProcessorState.interruptMask
    if before & ProcessorState.exceptionLevel != 0 { frame.pstate &= ~ProcessorState.debugMask }
    arm_write_mdscr_el1(arm_read_mdscr_el1() | Control.step)
    return before
  }

  /// Keeps a context of the kernel from taking debug exceptions until it returns to user level.
  public static func mask(_ frame: inout RegisterFrame) { frame.pstate |= ProcessorState.debugMask }

  /// Holds debug exceptions back until the processor leaves this exception.
  public static func mask() { arm_mask_debug() }

  /// Calls `body` without debug exceptions: the debugger must not meet its own watchpoints.
  public static func masked<Result>(_ body: () -> Result) -> Result {
    let before = arm_read_daif()
    arm_mask_debug()
    defer { arm_write_daif(before) }
    return body()
  }

  /// Stepping is over, whether the instruction was executed or something else came first.
  public static func endStep() { arm_write_mdscr_el1(arm_read_mdscr_el1() & ~Control.step) }

  /// Undoes in a stepped context what `beginStep` changed.
  public static func restore(_ frame: inout RegisterFrame, before: UInt64) {
    let masks = ProcessorState.interruptMask | ProcessorState.debugMask
    frame.pstate = frame.pstate & ~(ProcessorState.step | masks) | before & masks
  }
}
