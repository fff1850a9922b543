internal import KernelBoot
internal import KernelObjects

/// One page of the kernel's half through which a debugger reaches what the kernel itself may not write, or
/// does not map at all. It is open only for the time of an access, and never executable.
public struct AliasWindow: Sendable {
  /// Virtual address of the window, in an otherwise empty part of the kernel's half.
  static let address: UInt64 = 0xffff_ff80_0000_0000

  /// Virtual address of the window's level-3 descriptor.
  let entry: UInt64

  /// Calls `body` with the virtual address at which the page of a physical address can be read and written.
  public func withPage<Result>(
    of physical: UInt64, isDevice: Bool, _ body: (UInt64) -> Result
  ) -> Result {
    let access: KernelMap.Access = isDevice ? .device : .readWrite
    let page = TranslationDescriptor.validField.pack(1) | TranslationDescriptor.tableField.pack(1)
    writeEntry(entry, physical & ~4095 | access.attributes | page)
    arm_dsb_ishst()
    arm_isb()
    let result = body(Self.address | physical & 4095)
    writeEntry(entry, 0)
    arm_dsb_ishst()
    arm_tlbi_vaae1is(Self.address)
    arm_dsb_ish()
    arm_isb()
    return result
  }
}
