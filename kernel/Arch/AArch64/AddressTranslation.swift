internal import KernelBoot

/// What the processor itself says of an address in the kernel's half.
public enum AddressTranslation {
  /// Where an address leads.
  public struct Place: Equatable, Sendable {
    public var physical: UInt64
    /// Device memory: every access counts.
    public var isDevice: Bool

    public init(physical: UInt64, isDevice: Bool) {
      self.physical = physical
      self.isDevice = isDevice
    }
  }

  /// The physical address behind a virtual one that the kernel may read; nil if reading would fault.
  public static func place(of virtual: UInt64) -> Place? {
    // PAR_EL1 (Arm ARM, D17.2.106): F in bit 0, PA in bits 47:12, ATTR in bits 63:56 as in MAIR_EL1, where
    // device memory has zeros in the upper four.
    let par = arm_at_s1e1r(virtual)
    guard par & 1 == 0 else { return nil }
    return Place(physical: par & 0x0000_ffff_ffff_f000 | virtual & 4095, isDevice: par &>> 60 == 0)
  }

  /// Whether the kernel may write there.
  public static func isWritable(_ virtual: UInt64) -> Bool { arm_at_s1e1w(virtual) & 1 == 0 }
}
