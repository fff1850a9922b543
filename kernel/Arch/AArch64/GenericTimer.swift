internal import KernelBoot

/// The virtual timer of the generic timer (Arm ARM, chapter D11): EL1's own, hypervisor or not.
public enum GenericTimer {
  /// Counts in a second.
  public static var frequency: UInt64 { arm_read_cntfrq_el0() }

  /// Counts since some moment before boot.
  public static var now: UInt64 { arm_read_cntvct_el0() }

  /// CNTV_CTL_EL0: ENABLE; IMASK stays clear.
  private static let enable: UInt64 = 1
  /// CNTKCTL_EL1.EL0VCTEN: user level may read the virtual count.
  private static let userReadsVirtualCount: UInt64 = 1 << 1

  /// Stopped; the count is readable at user level.
  public static func initialize() {
    stop()
    arm_write_cntkctl_el1(userReadsVirtualCount)
  }

  /// Interrupts when the count has reached `deadline`; that ends an interrupt of an earlier one.
  public static func interrupt(at deadline: UInt64) {
    arm_write_cntv_cval_el0(deadline)
  }

  /// Lets the interrupt come that is or will be asked for.
  public static func start() { arm_write_cntv_ctl_el0(enable) }

  /// Takes back the interrupt, whether it is to come or there.
  public static func stop() { arm_write_cntv_ctl_el0(0) }
}
