internal import KernelObjects

/// The 512 descriptors of one level (Arm ARM, D8.2: 4 KiB granule).
package enum TranslationTable {
  package static let size = 4096
  package static let entryCount = 512

  /// The bits of a virtual address below the index of `level`.
  package static func shift(level: UInt64) -> UInt64 { 39 - 9 * min(level, 3) }

  package static func index(of address: UInt64, level: UInt64) -> Int {
    Int((address >> shift(level: level)) & 511)
  }
}

/// A descriptor as the processor reads it at one level (Arm ARM, D8.3). These encodings are the architecture's,
/// so they are not looked up in the target.
package struct TranslationEntry: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    case invalid
    case table(UInt64)
    /// A page, or a block of the level's size.
    case leaf(UInt64)
  }

  package let word: UInt64
  package let level: UInt64

  package init(word: UInt64, level: UInt64) {
    self.word = word
    self.level = level
  }

  package var kind: Kind {
    let descriptor = TranslationDescriptor(word: word)
    let hasTableBit = TranslationDescriptor.tableField.read(word) != 0
    switch (descriptor.isValid, hasTableBit, level) {
    case (true, true, 0...2): return .table(descriptor.address)
    case (true, true, 3), (true, false, 1...2):
      return .leaf(descriptor.address & ~(1 << TranslationTable.shift(level: level) - 1))
    default: return .invalid
    }
  }

  package var isValid: Bool { kind != .invalid }

  /// What EL0 may do by this descriptor alone: all that a table leaves, what a page or block gives.
  package var rights: AccessRights {
    switch kind {
    case .invalid: return .none
    case .table:
      let access = TranslationDescriptor.accessTableField.read(word)
      return AccessRights(
        read: access & 1 == 0, write: access == 0,
        grant: access & 1 == 0 && TranslationDescriptor.userExecuteNeverTableField.read(word) == 0)
    case .leaf:
      let isUser = TranslationDescriptor.userField.read(word) != 0
      return AccessRights(
        read: isUser, write: isUser && TranslationDescriptor.readOnlyField.read(word) == 0,
        grant: isUser && TranslationDescriptor.userExecuteNeverField.read(word) == 0)
    }
  }

  /// What EL1 may do by this descriptor alone.
  package var privilegedRights: AccessRights {
    switch kind {
    case .invalid: return .none
    case .table:
      let access = TranslationDescriptor.accessTableField.read(word)
      return AccessRights(
        read: true, write: access & 2 == 0,
        grant: TranslationDescriptor.privilegedExecuteNeverTableField.read(word) == 0)
    case .leaf:
      // What EL0 may write, EL1 never executes (Arm ARM, D8.4.1).
      return AccessRights(
        read: true, write: TranslationDescriptor.readOnlyField.read(word) == 0,
        grant: TranslationDescriptor.privilegedExecuteNeverField.read(word) == 0 && !rights.write)
    }
  }

  /// A page or block without it faults when it is first used.
  package var hasAccessFlag: Bool { TranslationDescriptor.accessFlagField.read(word) != 0 }

  /// nG clear: what the TLB keeps of it serves every ASID.
  package var isGlobal: Bool { TranslationDescriptor.notGlobalField.read(word) == 0 }

  /// One of 16 neighbours that the TLB may keep as one entry.
  package var isContiguous: Bool { TranslationDescriptor.contiguousField.read(word) != 0 }

  /// EL1 executes nothing there, or nothing below a table.
  package var isPrivilegedExecuteNever: Bool {
    typealias Field = TranslationDescriptor
    if case .table = kind { return Field.privilegedExecuteNeverTableField.read(word) != 0 }
    return Field.privilegedExecuteNeverField.read(word) != 0
  }

  package var attributeIndex: UInt64 { TranslationDescriptor.attributeField.read(word) }

  package var isInnerShareable: Bool { TranslationDescriptor.shareabilityField.read(word) == 3 }

  /// The architecture's names of what is set beside the address and the rights of EL0.
  package var flags: [String] {
    switch kind {
    case .invalid: return []
    case .table: return isPrivilegedExecuteNever ? ["PXNTable"] : []
    case .leaf:
      return [
        "Attr\(attributeIndex)", hasAccessFlag ? "AF" : nil, isGlobal ? nil : "nG",
        isPrivilegedExecuteNever ? "PXN" : nil, isContiguous ? "Contiguous" : nil,
      ].compactMap(\.self)
    }
  }
}

extension AccessRights {
  package static let all = AccessRights(read: true, write: true, grant: true)
  package static let none = AccessRights(read: false, write: false, grant: false)

  package func intersection(_ other: AccessRights) -> AccessRights {
    AccessRights(read: read && other.read, write: write && other.write, grant: grant && other.grant)
  }

  package func isSubset(of other: AccessRights) -> Bool { intersection(other) == self }
}
