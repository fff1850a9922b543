package import TargetLink

/// The kernel's half of the addresses as the processor walks it from TTBR1, compared with what the kernel says of
/// memory: a direct map at one offset, that no user reaches, and in which nothing is writable and executable.
package struct KernelMapAudit {
  package private(set) var differences = DifferenceList()
  package private(set) var tableCount = 0
  package private(set) var descriptorCount = 0

  private let snapshot: Snapshot
  private let tables: [UInt64: [UInt64]]
  private let regime: TranslationRegime
  /// Physical pieces that are mapped at their place, writable, as normal memory.
  private var covered: [(start: UInt64, end: UInt64)] = []
  /// Descriptors that may still be followed: tables that name each other would have 2^36 pages.
  private var budget = 1 << 20

  /// First address of the kernel's half.
  private static let start: UInt64 = 0xffff_0000_0000_0000

  /// Nil if the kernel does not say where its tables are.
  package static func run(
    _ snapshot: Snapshot, from target: any Target
  ) throws(TargetError) -> KernelMapAudit? {
    guard let root = snapshot.layouts.regime.kernelRoot else { return nil }
    return KernelMapAudit(snapshot, tables: try TableReader.readAll(below: root, from: target), root: root)
  }

  private init(_ snapshot: Snapshot, tables: [UInt64: [UInt64]], root: UInt64) {
    self.snapshot = snapshot
    self.tables = tables
    regime = snapshot.layouts.regime
    walk(root, level: 0, base: Self.start, rights: .all)
    compareCoverage(root)
    tableCount = tables.count
  }

  private mutating func walk(_ table: UInt64, level: UInt64, base: UInt64, rights: AccessRights) {
    guard let entries = tables[table] else {
      return differences.add(
        table, nil, level: level, ["address"], "a table that cannot be read", "that its map is in memory")
    }
    for (index, word) in entries.enumerated() where word & 1 != 0 && budget > 0 {
      budget -= 1
      let entry = TranslationEntry(word: word, level: level)
      let virtual = base | UInt64(index) << TranslationTable.shift(level: level)
      var effective = rights.intersection(entry.privilegedRights)
      switch entry.kind {
      case .invalid: break
      case .table(let next):
        descriptorCount += 1
        walk(
          next, level: level + 1, base: virtual,
          rights: regime.honoursTableRights(of: .kernel) ? effective : rights)
      case .leaf(let physical):
        descriptorCount += 1
        if regime.writeImpliesExecuteNever, effective.write { effective.grant = false }
        compare(entry, table, index, Piece(virtual: virtual, physical: physical, level: level, effective))
      }
    }
  }

  /// A page or block.
  private struct Piece {
    let virtual, physical, size: UInt64
    let rights: AccessRights

    init(virtual: UInt64, physical: UInt64, level: UInt64, _ rights: AccessRights) {
      self.virtual = virtual
      self.physical = physical
      size = 1 << TranslationTable.shift(level: level)
      self.rights = rights
    }
  }

  private mutating func compare(_ entry: TranslationEntry, _ table: UInt64, _ index: Int, _ piece: Piece) {
    let memory = regime.memory(entry.attributeIndex)
    let region = snapshot.state.regions.first {
      piece.physical >= $0.base && piece.physical - $0.base < $0.size
    }
    let isImage = isInImage(piece)
    let isRAM = isImage || region.map { $0.kind != "device" } ?? !memory.isDevice
    let isMapped = piece.virtual == piece.physical &+ snapshot.layouts.constants.directMapOffset
    let own = entry.privilegedRights
    let aspects = [
      isMapped ? nil : "address", entry.rights == .none ? nil : "rights of EL0",
      own.write && own.grant || piece.rights.grant && !isImage ? "execution" : nil,
      isRAM == (memory == .normal) && isRAM != memory.isDevice ? nil : "memory",
      entry.hasAccessFlag ? nil : "AF", entry.isGlobal ? nil : "nG", entry.isContiguous ? "contiguous" : nil,
    ].compactMap(\.self)
    if isMapped, piece.rights.write, memory == .normal {
      covered.append((piece.physical, piece.physical &+ piece.size))
    }
    guard !aspects.isEmpty else { return }
    differences.add(
      table, index, level: entry.level, aspects,
      "\(hexadecimal(piece.physical)) at \(hexadecimal(piece.virtual)), for EL1 \(piece.rights.text("x")), "
        + "for EL0 \(entry.rights.text("x")), \(memory.text) (\(entry.flags.joined(separator: " ")))",
      expectation(piece, isImage ? "image" : region?.kind ?? (isRAM ? "no region" : "device")))
  }

  private func isInImage(_ piece: Piece) -> Bool {
    let constants = snapshot.layouts.constants
    return piece.physical >= constants.imageBase
      && piece.physical - constants.imageBase < constants.imageSize
      && piece.size <= constants.imageSize
  }

  private func expectation(_ piece: Piece, _ kind: String) -> String {
    let place = piece.virtual &- snapshot.layouts.constants.directMapOffset
    return
      "a direct map, of \(hexadecimal(place)) there (\(kind)), for EL1 alone, never writable and executable"
  }

  /// All RAM that can become objects is in the direct map.
  private mutating func compareCoverage(_ root: UInt64) {
    let pieces = covered.sorted { $0.start < $1.start }
    for region in snapshot.state.regions where region.kind == "ram" && region.size > 0 {
      var next = region.base
      let end = region.base.addingReportingOverflow(region.size)
      guard !end.overflow else { continue }
      for piece in pieces where piece.start <= next && piece.end > next { next = piece.end }
      guard next < end.partialValue else { continue }
      differences.add(
        root, nil, level: 0, ["coverage"], "nothing writable for EL1 at \(hexadecimal(next))",
        "RAM from \(hexadecimal(region.base)) to \(hexadecimal(end.partialValue))")
    }
  }
}
