/// A translation table as a walk from some ProtectionDomain comes to it.
struct TableVisit: Sendable {
  let table: UInt64
  let level: UInt64
  /// Virtual address of its first entry.
  let base: UInt64
  /// Root and ASID of the ProtectionDomain that it was first reached from; a segment that is attached nowhere has
  /// none.
  let root: UInt64
  let asid: UInt64
}

/// All tables that the processor can come to from the ProtectionDomains, and all segments, each once.
struct TableVisits {
  private(set) var inOrder: [TableVisit] = []
  private(set) var differences = DifferenceList()
  private var known: [UInt64: TableVisit] = [:]
  private let snapshot: Snapshot

  init(_ snapshot: Snapshot, roots: [(root: UInt64, asid: UInt64)]) {
    self.snapshot = snapshot
    for (root, asid) in roots {
      visit(TableVisit(table: root, level: 0, base: 0, root: root, asid: asid), from: nil)
    }
    var next = 0
    while next < inOrder.count {
      visitTables(below: inOrder[next])
      next += 1
    }
    for segment in snapshot.holders.keys.filter({ $0.kind == .segment }).map(\.key).sorted()
    where known[segment] == nil {
      let base = snapshot.segmentAddress(table: segment) ?? 0
      visit(TableVisit(table: segment, level: 3, base: base, root: 0, asid: 0), from: nil)
    }
  }

  private mutating func visitTables(below visit: TableVisit) {
    guard visit.level < 3, let entries = snapshot.tables[visit.table] else { return }
    for (index, word) in entries.enumerated() where word & 1 != 0 {
      guard case .table(let next) = TranslationEntry(word: word, level: visit.level).kind else { continue }
      let base = visit.base | UInt64(index) << TranslationTable.shift(level: visit.level)
      self.visit(
        TableVisit(table: next, level: visit.level + 1, base: base, root: visit.root, asid: visit.asid),
        from: (visit.table, index))
    }
  }

  private mutating func visit(_ visit: TableVisit, from place: (table: UInt64, index: Int)?) {
    if let first = known[visit.table] {
      // Level 3 tables are shared; that they keep their address is compared at each entry that leads to them.
      guard visit.level < 3 || first.level < 3, let place else { return }
      differences.add(
        place.table, place.index, level: visit.level - 1, ["table"],
        "table \(hexadecimal(visit.table)) as one of level \(visit.level) for ASID \(visit.asid)",
        "that it is one of level \(first.level) for ASID \(first.asid)")
      return
    }
    known[visit.table] = visit
    inOrder.append(visit)
    if snapshot.generation(of: visit.table) == 0 {
      differences.add(
        visit.table, nil, level: visit.level, ["generation"], "a table that it walks",
        "that the page is no translation table (its generation is 0)")
    }
  }
}
