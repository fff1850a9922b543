internal import Inspection

extension Command {
  static let cnodes = Command(
    "cnodes",
    summary: "List all CNodes",
    discussion: """
      One line a CNode: its name, address, number of slots, how many of them hold a capability, and how many \
      capabilities to it exist.
      """,
    example: "cnodes", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    let snapshot = try session.snapshot()
    var answer = Answer("cnodes", cnodeTable(snapshot))
    answer.add(trustIn: snapshot)
    return answer
  }

  static func cnodeTable(_ snapshot: Snapshot) -> Table {
    var table = Table([
      .init("NAME", "name"), .init("ADDRESS", "address"), .init("SLOTS", "slots", .right),
      .init("USED", "used", .right), .init("CAPABILITIES", "capabilities", .right),
    ])
    for cnode in snapshot.cnodes.values.sorted(by: { $0.address < $1.address }) {
      let holders = snapshot.holders[ObjectID(.cnode, cnode.address)] ?? []
      table.add([
        .text(snapshot.names.name(ofCNode: cnode.address)), .hex(cnode.address), .number(cnode.slotCount),
        cnode.isReadable ? .number(cnode.used) : .none, .number(holders.count),
      ])
    }
    return table
  }

  static let cnode = Command(
    "cnode",
    summary: "Show the capabilities in one CNode",
    usage: "CNODE",
    discussion: """
      CNODE is a name as in `cnodes`, a slot that holds a capability to it, a domain (its root CNode is meant), \
      or a physical address. Empty slots are left out.
      """,
    example: "cnode server.cnode", arguments: [.object], wordCount: 1...1
  ) { session, arguments throws(CommandError) in
    let snapshot = try session.snapshot()
    let address = try cnodeAddress(arguments.words[0], session, snapshot)
    guard let cnode = snapshot.cnodes[address] else {
      throw CommandError(.usage, "the CNode at \(hexadecimal(address)) was not read; see `findings`")
    }
    var answer = Answer(
      "cnode",
      [
        .init("name", "name", .text(snapshot.names.name(ofCNode: address))),
        .init("address", "address", .hex(address)), .init("slots", "slots", .number(cnode.slotCount)),
        .init("used", "used", .number(cnode.used)),
      ])
    answer.add("capabilities", contents(cnode, snapshot))
    answer.add(trustIn: snapshot)
    return answer
  }

  private static func cnodeAddress(_ text: String, _ session: CommandSession, _ snapshot: Snapshot)
    throws(CommandError) -> UInt64
  {
    var domain = snapshot.names.domain(text)
    if domain == nil {
      let object = try session.select(text, in: snapshot).object
      domain = object?.kind == .domain ? object?.key : nil
    }
    guard let domain else { return try session.select(.cnode, text, in: snapshot) }
    guard let root = snapshot.ownSlot("cnode", of: domain), root.capability.kind == .cnode else {
      throw CommandError(.usage, "\(snapshot.names.name(ofDomain: domain)) has no CNode")
    }
    return root.capability.address
  }

  private static func contents(_ cnode: CNodeRecord, _ snapshot: Snapshot) -> Table {
    var table = Table(
      [.init("INDEX", "index", .right)] + Snapshot.capabilityColumns + [.init("DERIVED FROM", "derivedFrom")])
    for slot in snapshot.slots(ofCNode: cnode.address) {
      guard case .cnode(_, let index) = slot.holder else { continue }
      table.add([.number(index)] + snapshot.capabilityCells(slot) + [snapshot.derivedFromCell(slot.address)])
    }
    return table
  }
}
