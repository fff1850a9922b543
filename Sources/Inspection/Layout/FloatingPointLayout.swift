/// Where a Domain's floating-point registers are, and who owns those of the processor.
struct FloatingPointLayout: Sendable {
  /// Bytes from a Domain's start to its `FloatingPointState`.
  let offset: Int
  let size: Int
  let fpsr, fpcr: LayoutField
  /// Offset of v0; 16 bytes each.
  let vectors: Int
  /// In the kernel's state.
  let owner: LayoutField

  static let vectorCount = 32

  /// Nil of a kernel that keeps no such registers.
  init?(_ descriptor: KernelDescriptor, domainSizeBits: UInt64) throws(InspectionError) {
    guard let offset = try? descriptor.constant("domainFloatingPoint") else { return nil }
    size = try descriptor.size(of: "FloatingPointState")
    fpsr = try descriptor.integer("FloatingPointState", "fpsr")
    fpcr = try descriptor.integer("FloatingPointState", "fpcr")
    let table = try descriptor.field("FloatingPointState", "v")
    owner = try descriptor.integer("KernelState", "floatingPointOwner")
    guard table.size >= Self.vectorCount * 16, offset < 1 << domainSizeBits,
      UInt64(size) <= 1 << domainSizeBits - offset
    else { throw descriptor.implausible("floating-point registers outside of their domain") }
    vectors = table.offset
    self.offset = Int(offset)
  }
}
