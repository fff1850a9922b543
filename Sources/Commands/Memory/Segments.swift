internal import Inspection

extension Command {
  static let segments = Command(
    "segments",
    summary: "List all segments: address, pages, and which domains reach them with which rights",
    discussion: """
      One line a segment, 2 MiB of the single address space. Its number is the page number of its level-3 table, \
      its address follows from that. DOMAINS are those in whose ProtectionDomain it is attached, with the rights \
      that the attachment leaves.
      """,
    example: "segments", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    let snapshot = try session.snapshot(includingTables: true)
    var answer = Answer("segments", segmentTable(snapshot))
    answer.add(trustIn: snapshot)
    return answer
  }

  static func segmentTable(_ snapshot: Snapshot) -> Table {
    var table = Table([
      .init("NAME", "name"), .init("NUMBER", "number"), .init("VIRTUAL", "virtual"), .init("TABLE", "table"),
      .init("PAGES", "pages", .right), .init("CAPABILITIES", "capabilities", .right),
      .init("DOMAINS", "domains"),
    ])
    let segments = snapshot.holders.keys.filter { $0.kind == .segment }.sorted { $0.key < $1.key }
    for segment in segments {
      let pages = snapshot.tables[segment.key].map { entries in
        entries.count { TranslationEntry(word: $0, level: 3).kind != .invalid }
      }
      table.add([
        .text(snapshot.names.name(of: segment)), .hex(segment.key >> 12),
        snapshot.segmentAddress(table: segment.key).map(Cell.hex) ?? .none, .hex(segment.key),
        pages.map(Cell.number) ?? .none, .number(snapshot.holders[segment]?.count ?? 0),
        .list(attachments(of: segment.key, snapshot)),
      ])
    }
    return table
  }

  /// The domains whose translation leads to a segment's table at the segment's address.
  private static func attachments(of segment: UInt64, _ snapshot: Snapshot) -> [Cell] {
    guard let address = snapshot.segmentAddress(table: segment) else { return [] }
    return snapshot.orderedDomains.compactMap { domain in
      guard let root = snapshot.translationRoot(of: domain.address) else { return nil }
      let steps = TranslationWalk(
        address, root: root, tables: snapshot.tables, regime: snapshot.layouts.regime
      ).steps.prefix(3)
      guard steps.count == 3, steps[2].entry.kind == .table(segment) else { return nil }
      let rights = steps.reduce(AccessRights.all) { $0.intersection($1.entry.rights) }.text("x")
      let name = snapshot.names.name(ofDomain: domain.address)
      return Cell(
        "\(name) \(rights)",
        json: .object([.init("domain", .string(name)), .init("rights", .string(rights))]))
    }
  }
}
