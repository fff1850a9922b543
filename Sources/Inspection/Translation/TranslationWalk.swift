/// One virtual address looked up as the processor does: a descriptor at each level until a page or nothing.
package struct TranslationWalk: Sendable {
  package struct Step: Sendable {
    package let table: UInt64
    package let index: Int
    package let entry: TranslationEntry
  }

  package enum Outcome: Equatable, Sendable {
    case mapped(physical: UInt64, isDevice: Bool)
    /// Translation fault at this level.
    case fault(level: UInt64)
    /// The table of this level is not among those that were read.
    case unreadable(table: UInt64)
  }

  package private(set) var steps: [Step] = []
  package private(set) var outcome = Outcome.fault(level: 0)
  /// What EL0 may do there; nothing unless mapped.
  package private(set) var rights = AccessRights.all

  /// `root` is the physical address of the level 0 table.
  package init(_ address: UInt64, root: UInt64, tables: [UInt64: [UInt64]]) {
    var table = root
    for level in UInt64(0)...3 {
      guard let entries = tables[table] else {
        finish(.unreadable(table: table))
        return
      }
      let index = TranslationTable.index(of: address, level: level)
      let entry = TranslationEntry(word: entries[index], level: level)
      steps.append(Step(table: table, index: index, entry: entry))
      rights = rights.intersection(entry.rights)
      switch entry.kind {
      case .table(let next): table = next
      case .invalid:
        finish(.fault(level: level))
        return
      case .leaf(let base):
        let offset = address & (1 << TranslationTable.shift(level: level) - 1)
        outcome = .mapped(physical: base | offset, isDevice: entry.isDevice)
        return
      }
    }
  }

  private mutating func finish(_ outcome: Outcome) {
    self.outcome = outcome
    rights = AccessRights(read: false, write: false, grant: false)
  }
}
