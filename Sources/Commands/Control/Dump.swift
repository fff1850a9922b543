internal import Inspection

extension Command {
  static let dump = Command(
    "dump",
    summary: "Show the whole system at once, as tables or as one JSON document",
    discussion: """
      Everything that is in the kernel's objects, and nothing that depends on the way in or that looking \
      changes: no epoch, no state of devices, no counts of the kernel's own interrupts. Two dumps of the same \
      stopped system are the same, byte for byte.
      """,
    example: "dump --json", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    let snapshot = try session.snapshot(includingTables: true)
    var answer = Answer("kernel", kernelRecord(snapshot))
    answer.add("regions", regionTable(snapshot))
    answer.add("domains", domainTable(snapshot))
    answer.add("cnodes", cnodeTable(snapshot))
    answer.add("capabilities", treeTable(snapshot.tree.preorder[...], snapshot))
    answer.add("endpoints", endpointTable(snapshot))
    answer.add("notifications", notificationTable(snapshot))
    answer.add("irqs", irqTable(snapshot, nil))
    answer.add("slices", sliceTable(snapshot))
    answer.add("untyped", untypedTable(snapshot))
    answer.add("segments", segmentTable(snapshot))
    answer.add("mappings", allMappings(snapshot))
    answer.add(trustIn: snapshot)
    return answer
  }

  private static func kernelRecord(_ snapshot: Snapshot) -> [Answer.Field] {
    let descriptor = snapshot.layouts.descriptor
    let constants = snapshot.layouts.constants
    return [
      .init("kernel", "version", .text("vesper \(descriptor.version)")),
      .init("build", "build", .text(descriptor.build)), .init("board", "board", .text(descriptor.board)),
      .init("image", "image", .hex(constants.imageBase)),
      .init("image size", "imageSize", .size(constants.imageSize)),
      .init("state", "state", .hex(constants.state)),
      .init("direct map", "directMapOffset", .hex(constants.directMapOffset)),
      .init("timer", "timerFrequency", .number(constants.timerFrequency)),
      .init("tick", "tickCounts", .number(constants.tickCounts)),
      .init("root domain", "rootDomain", snapshot.cell(ofDomain: snapshot.state.rootDomain)),
    ]
  }

  private static func regionTable(_ snapshot: Snapshot) -> Table {
    var table = Table([.init("REGION", "base"), .init("SIZE", "size", .right), .init("KIND", "kind")])
    for region in snapshot.state.regions {
      table.add([.hex(region.base), .size(region.size), .text(region.kind)])
    }
    return table
  }

  /// The mappings of all domains, each row with the domain's name; as many as one list may have.
  private static func allMappings(_ snapshot: Snapshot) -> Table {
    var all = Table([.init("DOMAIN", "domain")] + mappingColumns)
    var budget = 1 << 20
    for domain in snapshot.orderedDomains {
      guard let root = snapshot.translationRoot(of: domain.address) else { continue }
      let list = MappingList(
        root: root, tables: snapshot.tables, regime: snapshot.layouts.regime, limit: budget)
      budget = list.budget
      let mappings = mappingTable(list, snapshot)
      for index in 0..<mappings.count {
        all.add([snapshot.cell(ofDomain: domain.address)] + mappings.row(index))
      }
    }
    return all
  }
}
