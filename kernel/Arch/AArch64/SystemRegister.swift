internal import KernelBoot

/// System registers that a debugger shows.
public enum SystemRegister: Sendable {
  case ttbr0, ttbr1, esr, far, elr, spsr, vbar, sctlr, tcr, mair, contextidr, tpidr, currentEL

  /// What the register holds now.
  public var value: UInt64 {
    switch self {
    case .ttbr0: arm_read_ttbr0_el1()
    case .ttbr1: arm_read_ttbr1_el1()
    case .esr: arm_read_esr_el1()
    case .far: arm_read_far_el1()
    case .elr: arm_read_elr_el1()
    case .spsr: arm_read_spsr_el1()
    case .vbar: arm_read_vbar_el1()
    case .sctlr: arm_read_sctlr_el1()
    case .tcr: arm_read_tcr_el1()
    case .mair: arm_read_mair_el1()
    case .contextidr: arm_read_contextidr_el1()
    case .tpidr: arm_read_tpidr_el1()
    case .currentEL: arm_read_currentel()
    }
  }
}
