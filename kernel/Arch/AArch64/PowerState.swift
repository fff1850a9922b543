internal import KernelBoot

/// The firmware's part of power management (Arm's Power State Coordination Interface, DEN0022).
public enum PowerState {
  private static let systemReset: UInt64 = 0x8400_0009

  /// SYSTEM_RESET, by HVC or by SMC. It returns only if the firmware does not know it.
  public static func reset(byHypervisorCall: Bool) {
    if byHypervisorCall { arm_hvc(systemReset) } else { arm_smc(systemReset) }
  }
}
