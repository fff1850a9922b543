internal import SelfTestInstructions

/// Code that cases put into pages, and the places of instructions that go wrong (SelfTestInstructions.h).
enum Instructions {
  /// Two instructions, little-endian: `mov x0, #42` and `ret`.
  static let answer42: UInt64 = 0xd65f_03c0_d280_0540

  /// Calls the code at `address`.
  static func execute(_ address: UInt64) -> UInt64 { selftest_execute(address) }

  static var load: UInt64 { selftest_load_address() }
  static var store: UInt64 { selftest_store_address() }
  static var undefined: UInt64 { selftest_undefined_address() }
  static var `break`: UInt64 { selftest_break_address() }
  static var readPrivileged: UInt64 { selftest_read_privileged_address() }
  static var writePrivileged: UInt64 { selftest_write_privileged_address() }
  static var maskInterrupts: UInt64 { selftest_mask_interrupts_address() }
  static var invalidateTLB: UInt64 { selftest_invalidate_tlb_address() }
  static var loadExclusive: UInt64 { selftest_load_exclusive_address() }
  static var overflowStack: UInt64 { selftest_overflow_stack_address() }
  static var callHypervisor: UInt64 { selftest_call_hypervisor_address() }
  static var callMonitor: UInt64 { selftest_call_monitor_address() }
}
