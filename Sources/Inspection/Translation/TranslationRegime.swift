/// The registers that decide what a descriptor means to the processor (Arm ARM, D8.2 and D17.2).
package struct TranslationRegime: Equatable, Sendable {
  /// MAIR_EL1: what the eight attribute indices stand for.
  package var memoryAttributes: UInt64
  /// TCR_EL1.
  package var control: UInt64
  /// SCTLR_EL1.WXN: what is writable is never executable.
  package var writeImpliesExecuteNever: Bool
  /// Physical address of the level 0 table in TTBR1_EL1; nil if the kernel does not say.
  package var kernelRoot: UInt64?

  /// As every kernel's boot code sets it that does not say otherwise in its descriptor: 48 bits of address below and
  /// above, 4 KiB granules.
  package static let usual = TranslationRegime(
    memoryAttributes: 0x44_04ff, control: 0x5_b510_3510, writeImpliesExecuteNever: true)

  private static let writeExecuteNever: UInt64 = 1 << 19

  package init(memoryAttributes: UInt64, control: UInt64, writeImpliesExecuteNever: Bool) {
    self.memoryAttributes = memoryAttributes
    self.control = control
    self.writeImpliesExecuteNever = writeImpliesExecuteNever
  }

  /// As the descriptor tells; older kernels' descriptors say nothing of it.
  init(_ descriptor: KernelDescriptor) {
    self = .usual
    if let mair = descriptor.constants["mair"] { memoryAttributes = mair }
    if let tcr = descriptor.constants["tcr"] { control = tcr }
    if let sctlr = descriptor.constants["sctlr"] {
      writeImpliesExecuteNever = sctlr & Self.writeExecuteNever != 0
    }
    if let root = descriptor.constants["ttbr1"], root != 0 { kernelRoot = Self.tableAddress(root) }
  }

  /// The table that a TTBR holds: without its ASID and CnP.
  package static func tableAddress(_ register: UInt64) -> UInt64 { register & 0x0000_ffff_ffff_fffe }

  package static func asid(_ register: UInt64) -> UInt64 { register >> 48 }

  private func control(_ shift: UInt64, _ width: UInt64) -> UInt64 { control >> shift & (1 << width - 1) }

  /// Bits of a physical address (TCR_EL1.IPS); a descriptor that names a higher one is an address size fault.
  var outputBits: UInt64 {
    let sizes: [UInt64] = [32, 36, 40, 42, 44, 48]
    let size = control(32, 3)
    return size < 6 ? sizes[Int(size)] : 48
  }

  /// TCR_EL1.HA: the processor sets access flags itself.
  var setsAccessFlags: Bool { control(39, 1) != 0 }

  /// TCR_EL1.HPD0 and HPD1: whether rights in table descriptors count for an address of that half.
  func honoursTableRights(of half: AddressHalf) -> Bool { control(half == .user ? 41 : 42, 1) == 0 }

  /// What makes a walk of this debugger another than the processor's; empty if nothing does.
  package var obstacles: [String] {
    var found: [String] = []
    if control(0, 6) != 16 || control(16, 6) != 16 {
      found.append("T0SZ \(control(0, 6)), T1SZ \(control(16, 6)), not 48 bits")
    }
    if control(14, 2) != 0 || control(30, 2) != 2 { found.append("granules that are not 4 KiB") }
    if control(7, 1) != 0 || control(23, 1) != 0 { found.append("walks of one half are off (EPD)") }
    return found
  }

  /// What an attribute index stands for.
  package func memory(_ index: UInt64) -> MemoryType {
    MemoryType(attribute: UInt8(truncatingIfNeeded: memoryAttributes >> ((index & 7) * 8)))
  }
}

/// Which of the two translation tables an address belongs to.
package enum AddressHalf: Sendable {
  /// TTBR0_EL1.
  case user
  /// TTBR1_EL1.
  case kernel
}

/// One attribute of MAIR_EL1 (Arm ARM, D17.2.97).
package enum MemoryType: Equatable, Sendable {
  case normal
  /// Normal memory that no cache keeps.
  case uncached
  /// One of the four kinds of device memory.
  case device(String)
  /// Anything else that the architecture defines, or leaves open.
  case other(UInt8)

  init(attribute: UInt8) {
    switch attribute {
    case 0x00: self = .device("nGnRnE")
    case 0x04: self = .device("nGnRE")
    case 0x08: self = .device("nGRE")
    case 0x0c: self = .device("GRE")
    case 0x44: self = .uncached
    case 0xff: self = .normal
    default:
      self =
        attribute & 0xf0 == 0 ? .device("attribute \(hexadecimal(UInt64(attribute)))") : .other(attribute)
    }
  }

  package var isDevice: Bool { if case .device = self { true } else { false } }

  package var text: String {
    switch self {
    case .normal: "normal"
    case .uncached: "normal uncached"
    case .device(let kind): "device \(kind)"
    case .other(let attribute): "normal, attribute \(hexadecimal(UInt64(attribute)))"
    }
  }
}
