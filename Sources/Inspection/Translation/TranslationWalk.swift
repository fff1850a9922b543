/// One virtual address looked up as the processor does: a descriptor at each level until a page or nothing.
package struct TranslationWalk: Sendable {
  package struct Step: Sendable {
    package let table: UInt64
    package let index: Int
    package let entry: TranslationEntry
  }

  package enum Outcome: Equatable, Sendable {
    case mapped(physical: UInt64, memory: MemoryType)
    /// Translation fault at this level.
    case fault(level: UInt64)
    /// There is a page or block, but its access flag is clear.
    case accessFlagFault(level: UInt64)
    /// A descriptor names a physical address that this processor does not have.
    case addressSizeFault(level: UInt64)
    /// The table of this level is not among those that were read.
    case unreadable(table: UInt64)
  }

  package private(set) var steps: [Step] = []
  package private(set) var outcome = Outcome.fault(level: 0)
  /// What EL0 may do there; nothing unless mapped.
  package private(set) var rights = AccessRights.all
  /// What EL1 may do there; nothing unless mapped.
  package private(set) var privilegedRights = AccessRights.all

  /// `root` is the physical address of the level 0 table.
  package init(
    _ address: UInt64, root: UInt64, tables: [UInt64: [UInt64]], regime: TranslationRegime = .usual
  ) {
    walk(address, root, tables, regime)
  }

  private mutating func walk(
    _ address: UInt64, _ root: UInt64, _ tables: [UInt64: [UInt64]], _ regime: TranslationRegime
  ) {
    let half: AddressHalf = address >> 48 == 0 ? .user : .kernel
    var table = root
    for level in UInt64(0)...3 {
      guard let entries = tables[table] else { return finish(.unreadable(table: table)) }
      let index = TranslationTable.index(of: address, level: level)
      let entry = TranslationEntry(word: entries[index], level: level)
      steps.append(Step(table: table, index: index, entry: entry))
      restrict(by: entry, regime.honoursTableRights(of: half))
      switch entry.kind {
      case .invalid: return finish(.fault(level: level))
      case .table(let next):
        guard next >> regime.outputBits == 0 else { return finish(.addressSizeFault(level: level)) }
        table = next
      case .leaf(let base):
        guard base >> regime.outputBits == 0 else { return finish(.addressSizeFault(level: level)) }
        guard entry.hasAccessFlag || regime.setsAccessFlags else {
          return finish(.accessFlagFault(level: level))
        }
        let offset = address & (1 << TranslationTable.shift(level: level) - 1)
        outcome = .mapped(physical: base | offset, memory: regime.memory(entry.attributeIndex))
        return applyWriteExecuteNever(regime)
      }
    }
  }

  private mutating func restrict(by entry: TranslationEntry, _ honoursTables: Bool) {
    if case .table = entry.kind, !honoursTables { return }
    rights = rights.intersection(entry.rights)
    privilegedRights = privilegedRights.intersection(entry.privilegedRights)
  }

  private mutating func applyWriteExecuteNever(_ regime: TranslationRegime) {
    guard regime.writeImpliesExecuteNever else { return }
    if rights.write { rights.grant = false }
    if privilegedRights.write { privilegedRights.grant = false }
  }

  private mutating func finish(_ outcome: Outcome) {
    self.outcome = outcome
    rights = .none
    privilegedRights = .none
  }
}
