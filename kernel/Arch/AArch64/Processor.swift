internal import KernelBoot

/// The processor as a whole.
public enum Processor {
  /// Waits for ever. Interrupts are masked, so nothing comes of them.
  public static func halt() -> Never {
    while true { arm_wfi() }
  }
}
