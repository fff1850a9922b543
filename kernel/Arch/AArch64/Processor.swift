internal import KernelBoot

/// The processor as a whole.
public enum Processor {
  /// Waits until an interrupt is pending, masked or not.
  public static func waitForInterrupt() {
    arm_dsb_sy()
    arm_wfi()
  }

  /// Waits for ever. Interrupts are masked, so nothing comes of them.
  public static func halt() -> Never {
    while true { arm_wfi() }
  }
}
