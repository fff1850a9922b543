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

  /// Takes the OS locks away, which hold back debug exceptions after reset (D2.9.2), and clears the registers of
  /// breakpoints and watchpoints.
  public static func enable() {
    arm_write_oslar_el1(0)
    arm_write_osdlr_el1(0)
    DebugComparatorBank.breakpoints.removeAll()
    DebugComparatorBank.watchpoints.removeAll()
    arm_write_mdscr_el1(arm_read_mdscr_el1() | Control.kernelDebug | Control.monitorDebug)
    arm_isb()
  }

  /// Calls `body` without debug exceptions: the debugger must not meet its own watchpoints. If a step was ordered
  /// meanwhile they stay away until the exception returns, as it must not be one of the kernel's own.
  @inline(__always)
  public static func whileMasked<Result>(_ body: () -> Result) -> Result {
    let before = arm_read_daif()
    arm_mask_debug()
    defer { if arm_read_mdscr_el1() & Control.step == 0 { arm_write_daif(before) } }
    return body()
  }

  /// A context that was let go for one instruction.
  public struct Step: Sendable {
    /// The context's `pstate` before.
    fileprivate let before: UInt64
    /// Whether the instruction itself unmasks debug exceptions.
    fileprivate let unmasks: Bool
  }

  /// Lets a context execute one instruction when it is resumed (D2.12), without an interrupt in between, and
  /// perhaps without breakpoint and watchpoint registers.
  public static func beginStep(_ frame: inout RegisterFrame, ignoringRegisters: Bool) -> Step {
    let before = frame.pstate
    frame.pstate |= ProcessorState.step | ProcessorState.interruptMask
    let isKernel = before & ProcessorState.exceptionLevel != 0
    if isKernel { frame.pstate &= ~ProcessorState.debugMask }
    let unused = ignoringRegisters ? Control.monitorDebug : 0
    arm_write_mdscr_el1((arm_read_mdscr_el1() | Control.step) & ~unused)
    return Step(before: before, unmasks: isKernel && Probe.load(frame.pc, width: 4) == unmaskInstruction)
  }

  /// Stops the first code that takes debug exceptions.
  public static func stepWhereUnmasked() { arm_write_mdscr_el1(arm_read_mdscr_el1() | Control.step) }

  /// `msr daifclr, #8`
  private static let unmaskInstruction: UInt64 = 0xd503_48ff

  /// Keeps a context of the kernel from taking debug exceptions until it returns to user level.
  public static func mask(_ frame: inout RegisterFrame) { frame.pstate |= ProcessorState.debugMask }

  /// Stepping is over, whether the instruction was executed or something else came first.
  public static func endStep() {
    arm_write_mdscr_el1(arm_read_mdscr_el1() & ~Control.step | Control.monitorDebug)
  }

  /// Undoes in a stepped context what `beginStep` changed.
  public static func restore(_ frame: inout RegisterFrame, after step: Step) {
    // D is set if it was before, or if the instruction has set it.
    var debugMask = (frame.pstate | step.before) & ProcessorState.debugMask
    if step.unmasks { debugMask = 0 }
    let masks = ProcessorState.interruptMask | ProcessorState.debugMask
    frame.pstate =
      frame.pstate & ~(ProcessorState.step | masks) | step.before & ProcessorState.interruptMask | debugMask
  }
}
