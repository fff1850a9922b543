internal import KernelBoot
public import KernelCore

/// The processor and its board, as the portable kernel sees them.
public struct AArch64Machine<Environment: MachineEnvironment>: MachineInterface {
  /// All machines of an environment are the same.
  public init() {}

  public static var directMapOffset: UInt64 { DirectMap.offset }

  public func zero(_ address: UInt64, count: UInt64) { zeroMemory(at: address, count: count) }

  @inline(__always)
  public func publishDescriptors() {
    arm_dsb_ishst()
    // An earlier failed walk of the same instruction stream must not be used again.
    arm_isb()
  }

  @inline(__always)
  public func invalidatePage(virtual: UInt64) {
    arm_dsb_ishst()
    arm_tlbi_vaae1is(virtual)
    arm_dsb_ish()
    arm_isb()
  }

  @inline(__always)
  public func invalidate(asid: UInt64) {
    arm_dsb_ishst()
    arm_tlbi_aside1is(asid)
    arm_dsb_ish()
    arm_isb()
  }

  public func synchronizeInstructions(_ address: UInt64, count: UInt64) {
    KernelArch.synchronizeInstructions(at: DirectMap.virtualAddress(address), count: count)
  }

  /// The exception return to user level is the context synchronisation that this needs.
  @inline(__always)
  public func activate(root: UInt64, asid: UInt64) { arm_write_ttbr0_el1(root | asid &<< 48) }

  public func allowFloatingPoint() {
    arm_write_cpacr_el1(Self.floatingPointEnable)
    arm_isb()
  }

  /// The exception return to user level is the context synchronisation that this needs.
  public func trapFloatingPoint() { arm_write_cpacr_el1(0) }

  /// FPEN: no access traps (CPACR_EL1; Arm ARM, D17.2.30).
  private static var floatingPointEnable: UInt64 { 3 << 20 }

  public func saveFloatingPoint(to address: UInt64) {
    vesper_save_floating_point(DirectMap.virtualAddress(address))
  }

  public func loadFloatingPoint(from address: UInt64) {
    vesper_load_floating_point(DirectMap.virtualAddress(address))
  }

  @inline(__always)
  public func configure(irq: UInt64, isEdge: Bool) {
    Environment.board.configure(interrupt: irq, isEdge: isEdge)
  }

  @inline(__always)
  public func mask(irq: UInt64) { Environment.board.mask(interrupt: irq) }

  @inline(__always)
  public func unmask(irq: UInt64) { Environment.board.unmask(interrupt: irq) }

  @inlinable
  public var now: UInt64 { @inline(__always) get { GenericTimer.now } }

  public var tickCounts: UInt64 { @inline(__always) get { Environment.tickCounts } }

  @inline(__always)
  public func interrupt(at deadline: UInt64) { GenericTimer.interrupt(at: deadline) }

  public func startTick() { GenericTimer.start() }

  public func stopTick() { GenericTimer.stop() }

  @inlinable
  public var workLimit: UInt64 { @inline(__always) get { 128 } }

  public func putChar(_ byte: UInt8) { Environment.putChar(byte) }
}
