/// The translation tables as the processor walks them, compared with what Frames, Segments, PageTables and
/// ProtectionDomains say of them.
///
/// A capability that is entered somewhere says so in its second word; so each valid descriptor has exactly one
/// capability, and each entered capability its descriptor.
package struct TranslationAudit {
  package private(set) var differences = DifferenceList()
  /// Tables and valid descriptors that were compared.
  package private(set) var tableCount = 0
  package private(set) var descriptorCount = 0

  private let snapshot: Snapshot
  private let meaning: EntryMeaning
  /// Slots by the place where they say that they are entered.
  private var claims: [Place: [SlotRecord]] = [:]

  private struct Place: Hashable {
    let table: UInt64
    let index: UInt64
  }

  /// `snapshot` includes the translation tables.
  package init(_ snapshot: Snapshot) {
    self.snapshot = snapshot
    meaning = EntryMeaning(regime: snapshot.layouts.regime, names: snapshot.names)
    for position in snapshot.slots.orderedPositions {
      let slot = snapshot.slots.records[position]
      guard let link = snapshot.link(of: slot) else { continue }
      claims[Place(table: link.table, index: link.index), default: []].append(slot)
    }
    let roots = compareRoots()
    let visits = TableVisits(snapshot, roots: roots)
    for difference in visits.differences.all { differences.add(difference) }
    for visit in visits.inOrder { compare(visit) }
  }

  private mutating func compare(_ visit: TableVisit) {
    guard snapshot.meter.advance(), let entries = snapshot.tables[visit.table] else { return }
    tableCount += 1
    for (index, word) in entries.enumerated() {
      let entry = TranslationEntry(word: word, level: visit.level)
      let entered = claims[Place(table: visit.table, index: UInt64(index))] ?? []
      guard entry.isValid || !entered.isEmpty else { continue }
      descriptorCount += 1
      let aspects = aspects(of: entry, at: index, in: visit, entered)
      guard !aspects.isEmpty else { continue }
      let kernel = entered.map(meaning.kernel).joined(separator: ", and ")
      differences.add(
        visit.table, index, level: visit.level, aspects, meaning.processor(entry),
        kernel.isEmpty ? "that nothing is entered there" : kernel + place(aspects, entered, visit))
    }
  }

  private func aspects(
    of entry: TranslationEntry, at index: Int, in visit: TableVisit, _ entered: [SlotRecord]
  ) -> [String] {
    guard let slot = entered.first, let link = slot.capability.link else { return ["capability"] }
    guard entered.count == 1 else { return ["capabilities"] }
    let comparison = EntryComparison(
      entry: entry, visit: visit, index: index, regime: snapshot.layouts.regime)
    return comparison.aspects(slot, link, snapshot)
  }

  /// The part of the kernel's meaning that is not about the descriptor itself.
  private func place(_ aspects: [String], _ entered: [SlotRecord], _ visit: TableVisit) -> String {
    guard let slot = entered.first, let link = slot.capability.link else { return "" }
    var text = ""
    if aspects.contains("ASID") { text += ", for ASID \(link.asid) (here: \(visit.asid))" }
    if aspects.contains("kind") { text += ", in a table of level \(Int64(clamping: link.level) - 1)" }
    if aspects.contains("virtual address"),
      let address = snapshot.segmentAddress(table: slot.capability.address)
    {
      text += ", at \(hexadecimal(address))"
    }
    return text
  }
}

/// Of the ProtectionDomains themselves.
extension TranslationAudit {
  /// The roots with their ASIDs, in order of address.
  private mutating func compareRoots() -> [(root: UInt64, asid: UInt64)] {
    var asids: [UInt64: Set<UInt64>] = [:]
    for slot in snapshot.slots.records {
      guard case .protectionDomain(let asid) = slot.capability.detail else { continue }
      asids[slot.capability.address, default: []].insert(asid)
    }
    var owners: [UInt64: UInt64] = [:]
    var roots: [(root: UInt64, asid: UInt64)] = []
    for (root, named) in asids.sorted(by: { $0.key < $1.key }) {
      let asid = named.min() ?? 0
      roots.append((root, asid))
      compareASIDs(named, of: root, owner: owners[asid])
      owners[asid] = owners[asid] ?? root
    }
    compareActiveRoot()
    return roots
  }

  private mutating func compareASIDs(_ named: Set<UInt64>, of root: UInt64, owner: UInt64?) {
    let list = named.sorted().map(String.init).joined(separator: " and ")
    let asid = named.min() ?? 0
    if named.count > 1 {
      add(root, "one root", "ASIDs \(list) for it")
    } else if asid == 0 || asid >> 16 != 0 {
      add(root, "a root of ASID \(asid), which is no ProtectionDomain's", "that it is a ProtectionDomain")
    } else if let owner {
      add(root, "ASID \(asid) for two roots, this one and \(hexadecimal(owner))", "that they are two spaces")
    } else if !snapshot.state.isTaken(asid: asid) {
      add(root, "a root of ASID \(asid)", "that this ASID is free")
    }
  }

  private mutating func add(_ root: UInt64, _ processor: String, _ kernel: String) {
    differences.add(root, nil, level: 0, ["ASID"], processor, kernel)
  }

  /// The kernel's record of TTBR0_EL1 against the domain that runs.
  private mutating func compareActiveRoot() {
    let state = snapshot.state
    guard snapshot.consistency == .consistent, snapshot.domains[state.current] != nil else { return }
    let own = snapshot.ownSlot("protectionDomain", of: state.current)?.capability.address
    let expected = own ?? state.emptyRoot
    guard expected != state.activeRoot else { return }
    differences.add(
      state.activeRoot, nil, level: 0, ["activeRoot"],
      "the addresses of table \(hexadecimal(state.activeRoot))",
      "that \(snapshot.names.name(ofDomain: state.current)) runs, with table \(hexadecimal(expected))")
  }
}
