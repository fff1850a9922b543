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

  /// What EL0 may do by this descriptor alone: all that a table leaves, what a page or block gives.
  package var rights: AccessRights {
    switch kind {
    case .invalid:
      return AccessRights(read: false, write: false, grant: false)
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

  /// Device memory by boot's MAIR_EL1.
  package var isDevice: Bool {
    TranslationDescriptor.attributeField.read(word) != TranslationDescriptor.MemoryAttribute.normal.rawValue
  }
}

extension AccessRights {
  package static let all = AccessRights(read: true, write: true, grant: true)

  package func intersection(_ other: AccessRights) -> AccessRights {
    AccessRights(read: read && other.read, write: write && other.write, grant: grant && other.grant)
  }
}
