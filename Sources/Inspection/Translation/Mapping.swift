/// A run of pages that follow each other virtually and physically, with the same rights in the same segment.
package struct Mapping: Equatable, Sendable {
  package var virtual: UInt64
  package var physical: UInt64
  /// Bytes.
  package var size: UInt64
  /// What EL0 may do, all levels considered.
  package var rights: AccessRights
  package var memory: MemoryType
  /// Physical address of the level 3 table, which names the segment; 0 for a block.
  package var segmentTable: UInt64

  func continues(with next: Mapping) -> Bool {
    virtual &+ size == next.virtual && physical &+ size == next.physical && rights == next.rights
      && memory == next.memory && segmentTable == next.segmentTable
  }
}

/// All mappings below one root, in the order of their addresses.
package struct MappingList: Sendable {
  package private(set) var mappings: [Mapping] = []
  package private(set) var findings: [Finding] = []
  private let tables: [UInt64: [UInt64]]
  private let regime: TranslationRegime
  /// Tables that were come to: each has one place below a root, or tables that name each other would have 2^36 pages.
  private var visited: Set<UInt64> = []
  /// Valid descriptors that may still be followed.
  package private(set) var budget: Int

  package init(
    root: UInt64, tables: [UInt64: [UInt64]], regime: TranslationRegime = .usual, limit: Int = 1 << 20
  ) {
    self.tables = tables
    self.regime = regime
    budget = limit
    collect(root, level: 0, base: 0, rights: .all)
    if budget <= 0 {
      findings.append(
        Finding(
          object: "table \(hexadecimal(root))", field: "entries",
          text: "more than \(limit) valid descriptors below it; the rest is left out"))
    }
  }

  private mutating func collect(_ table: UInt64, level: UInt64, base: UInt64, rights: AccessRights) {
    guard let entries = tables[table] else {
      findings.append(
        Finding(object: "table \(hexadecimal(table))", field: "address", text: "cannot be read"))
      return
    }
    guard visited.insert(table).inserted else {
      if findings.count < 256 {
        findings.append(
          Finding(
            object: "table \(hexadecimal(table))", field: "entries",
            text: "a second descriptor leads to it, at \(hexadecimal(base)); not followed"))
      }
      return
    }
    for (index, word) in entries.enumerated() where word & 1 != 0 {
      guard budget > 0 else { return }
      budget -= 1
      let entry = TranslationEntry(word: word, level: level)
      let virtual = base | UInt64(index) << TranslationTable.shift(level: level)
      var effective = rights.intersection(entry.rights)
      switch entry.kind {
      case .invalid: break
      case .table(let next):
        guard next >> regime.outputBits == 0 else { continue }
        collect(
          next, level: level + 1, base: virtual,
          rights: regime.honoursTableRights(of: .user) ? effective : rights)
      case .leaf(let physical):
        // Using it would be a fault.
        guard entry.hasAccessFlag || regime.setsAccessFlags, physical >> regime.outputBits == 0 else {
          continue
        }
        if regime.writeImpliesExecuteNever, effective.write { effective.grant = false }
        add(
          Mapping(
            virtual: virtual, physical: physical, size: 1 << TranslationTable.shift(level: level),
            rights: effective, memory: regime.memory(entry.attributeIndex),
            segmentTable: level == 3 ? table : 0))
      }
    }
  }

  private mutating func add(_ mapping: Mapping) {
    if let last = mappings.last, last.continues(with: mapping) {
      mappings[mappings.count - 1].size += mapping.size
    } else {
      mappings.append(mapping)
    }
  }
}
