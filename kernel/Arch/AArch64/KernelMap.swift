internal import KernelBoot
public import KernelObjects

/// The kernel's half of the address space, built once at boot: all RAM and the kernel's devices at their
/// place in the direct map.
public struct KernelMap {
  /// Physical address of the level-0 table.
  public let root: UInt64

  /// Why the map could not be made.
  public enum Failure: Error {
    /// No memory was left for tables.
    case outOfMemory
    /// Two ranges with different rights share a page.
    case overlap
  }

  /// What the kernel may do with a range.
  public enum Access {
    case text, readOnly, readWrite, device

    /// Attributes of a valid descriptor, without its address and type (Arm ARM, D8.3.2). User code never
    /// reaches any of it, and nothing is both writable and executable.
    var attributes: UInt64 {
      typealias Field = TranslationDescriptor
      typealias Attribute = TranslationDescriptor.MemoryAttribute
      let base =
        Field.validField.pack(1) | Field.accessFlagField.pack(1) | Field.userExecuteNeverField.pack(1)
      let normal =
        base | Field.attributeField.pack(Attribute.normal.rawValue) | Field.shareabilityField.pack(3)
      let never = Field.privilegedExecuteNeverField.pack(1)
      return switch self {
      case .text: normal | Field.readOnlyField.pack(1)
      case .readOnly: normal | Field.readOnlyField.pack(1) | never
      case .readWrite: normal | never
      case .device: base | Field.attributeField.pack(Attribute.deviceNGnRE.rawValue) | never
      }
    }
  }

  /// The map in use.
  public static var active: KernelMap { KernelMap(root: arm_read_ttbr1_el1() & ~1) }

  private init(root: UInt64) { self.root = root }

  /// A map of nothing.
  public init(_ memory: inout BootMemory) throws(Failure) {
    guard let root = memory.allocatePage() else { throw .outOfMemory }
    self.root = root
  }

  /// Maps [start, end), which are page addresses, with the largest descriptors that fit.
  public func map(
    _ start: UInt64, _ end: UInt64, _ access: Access, _ memory: inout BootMemory
  ) throws(Failure) {
    var address = start
    while address < end {
      let level = largestLevel(at: address, upTo: end)
      let entry = try entryAddress(of: address, level: level, &memory)
      guard readEntry(entry) == 0 else { throw .overlap }
      let type = level == 3 ? TranslationDescriptor.tableField.pack(1) : 0
      writeEntry(entry, address | access.attributes | type)
      address &+= Self.size(level)
    }
  }

  /// Makes room for a debugger's window.
  public func makeWindow(_ memory: inout BootMemory) throws(Failure) -> AliasWindow {
    AliasWindow(entry: try entryAddress(of: AliasWindow.address, level: 3, &memory))
  }

  /// Changes the rights of pages that were mapped as pages, and forgets what was cached of them.
  public func protect(_ start: UInt64, _ end: UInt64, _ access: Access) {
    var address = start
    while address < end {
      if let entry = pageEntry(of: address) {
        writeEntry(entry, address | access.attributes | TranslationDescriptor.tableField.pack(1))
        arm_dsb_ishst()
        arm_tlbi_vaae1is(DirectMap.virtualAddress(address))
      }
      address &+= BootMemory.pageSize
    }
    arm_dsb_ish()
    arm_isb()
  }

  /// Translates the kernel's half with this map from now on, and refuses to execute what is writable.
  public func activate() {
    arm_dsb_ishst()
    arm_write_ttbr1_el1(root)
    arm_isb()
    arm_write_sctlr_el1(arm_read_sctlr_el1() | 1 &<< 19)  // WXN
    arm_isb()
    arm_tlbi_vmalle1is()
    arm_dsb_ish()
    arm_isb()
  }

  /// Bytes that one descriptor of a level maps.
  private static func size(_ level: UInt64) -> UInt64 { 1 &<< (39 &- 9 &* level) }

  /// 1 GiB blocks, 2 MiB blocks or pages: level 0 has no blocks with this granule.
  private func largestLevel(at address: UInt64, upTo end: UInt64) -> UInt64 {
    for level: UInt64 in 1..<3
    where address & (Self.size(level) &- 1) == 0 && end &- address >= Self.size(level) {
      return level
    }
    return 3
  }

  /// Virtual address of the descriptor for `address` in a table of `level`; tables above are made as needed.
  private func entryAddress(
    of address: UInt64, level: UInt64, _ memory: inout BootMemory
  ) throws(Failure) -> UInt64 {
    var table = root
    for upper in 0..<level {
      let entry = Self.entryAddress(in: table, for: address, level: upper)
      let descriptor = TranslationDescriptor(word: readEntry(entry))
      if descriptor.isTable {
        table = descriptor.address
        continue
      }
      guard !descriptor.isValid else { throw .overlap }
      guard let page = memory.allocatePage() else { throw .outOfMemory }
      writeEntry(
        entry, TranslationDescriptor.validField.pack(1) | TranslationDescriptor.tableField.pack(1) | page)
      table = page
    }
    return Self.entryAddress(in: table, for: address, level: level)
  }

  private static func entryAddress(in table: UInt64, for address: UInt64, level: UInt64) -> UInt64 {
    DirectMap.virtualAddress(table &+ 8 &* AddressSpace.index(of: address, level: level))
  }

  private func pageEntry(of address: UInt64) -> UInt64? {
    var table = root
    for level: UInt64 in 0..<3 {
      let entry = Self.entryAddress(in: table, for: address, level: level)
      let descriptor = TranslationDescriptor(word: readEntry(entry))
      guard descriptor.isTable else { return nil }
      table = descriptor.address
    }
    return Self.entryAddress(in: table, for: address, level: 3)
  }
}

// Safety: both are given addresses of descriptors in tables of this map, which lie in the direct map.

private func readEntry(_ address: UInt64) -> UInt64 {
  unsafe UnsafePointer<UInt64>(bitPattern: UInt(address))?.pointee ?? 0
}

func writeEntry(_ address: UInt64, _ word: UInt64) {
  unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(address))?.pointee = word
}
