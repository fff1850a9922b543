internal import Inspection

extension Command {
  static let mappings = Command(
    "mappings", aliases: ["maps"],
    summary: "Show what a domain can reach: virtual, physical, rights, segment",
    usage: "DOMAIN",
    discussion: """
      The translation tables of the domain's ProtectionDomain, walked as the processor does. Pages that follow \
      each other virtually and physically with the same rights are one line. RIGHTS are what is left at user \
      level after all levels; MEMORY is what the processor makes of its attribute: normal, or a kind of device memory.
      """,
    example: "mappings server", arguments: [.domain], wordCount: 1...1
  ) { session, arguments throws(CommandError) in
    let snapshot = try session.snapshot(includingTables: true)
    let domain = try session.select(.domain, arguments.words[0], in: snapshot)
    guard let root = snapshot.translationRoot(of: domain) else {
      throw CommandError(.usage, "\(snapshot.names.name(ofDomain: domain)) has no ProtectionDomain")
    }
    let list = MappingList(root: root, tables: snapshot.tables, regime: session.layouts.regime)
    var answer = Answer("mappings", mappingTable(list, snapshot))
    for finding in list.findings { answer.note("\(finding.object): \(finding.text)") }
    answer.add(trustIn: snapshot)
    return answer
  }

  static let mappingColumns: [Table.Column] = [
    .init("VIRTUAL", "virtual"), .init("END", "end"), .init("PHYSICAL", "physical"),
    .init("SIZE", "size", .right), .init("RIGHTS", "rights"), .init("MEMORY", "memory"),
    .init("SEGMENT", "segment"),
  ]

  static func mappingTable(_ list: MappingList, _ snapshot: Snapshot) -> Table {
    var table = Table(mappingColumns)
    for mapping in list.mappings {
      let segment = ObjectID(.segment, mapping.segmentTable)
      table.add([
        .hex(mapping.virtual), .hex(mapping.virtual &+ mapping.size), .hex(mapping.physical),
        .size(mapping.size), .text(mapping.rights.text("x")), .text(mapping.memory.text),
        snapshot.holders[segment] == nil ? .none : .text(snapshot.names.name(of: segment)),
      ])
    }
    return table
  }
}
