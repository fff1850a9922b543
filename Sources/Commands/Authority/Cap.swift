internal import Inspection

extension Command {
  static let cap = Command(
    "cap", aliases: ["capability"],
    summary: "Show one capability: resolved from a domain's pointer, or by its slot",
    usage: "DOMAIN:CPTR | SLOT",
    discussion: """
      With DOMAIN:CPTR the capability pointer is resolved from the domain's root CNode as the kernel does it: at \
      each CNode the guard is compared and the next bits are the index. SLOT is a name such as `server.cnode[3]` \
      or the physical address of a slot.
      """,
    example: "cap server:0x2", arguments: [.slot], wordCount: 1...1
  ) { session, arguments throws(CommandError) in
    let snapshot = try session.snapshot()
    let word = arguments.words[0]
    var answer = Answer()
    if let lookup = try session.lookup(word, in: snapshot) {
      answer.add("resolution", steps(lookup, snapshot))
    }
    let address = try session.slot(word, in: snapshot)
    if let slot = snapshot.slots[address] { answer.add("capability", record(slot, snapshot)) }
    answer.add(trustIn: snapshot)
    return answer
  }

  private static func steps(_ lookup: CapabilityLookup, _ snapshot: Snapshot) -> Table {
    var table = Table([
      .init("CNODE", "cnode"), .init("GUARD", "guard"), .init("GUARD BITS", "guardSize", .right),
      .init("INDEX", "index", .right), .init("INDEX BITS", "radix", .right),
      .init("BITS LEFT", "bitsLeft", .right),
    ])
    for step in lookup.steps {
      table.add([
        .text(snapshot.names.name(ofCNode: step.cnode)), .hex(step.guardValue), .number(step.guardSize),
        .number(step.index), .number(step.radix), .number(step.remaining),
      ])
    }
    return table
  }

  private static func record(_ slot: SlotRecord, _ snapshot: Snapshot) -> [Answer.Field] {
    let capability = slot.capability
    let children = snapshot.tree.children(of: slot.address).map { Cell.text(snapshot.names.name(ofSlot: $0)) }
    return [
      .init("slot", "slot", .text(snapshot.names.name(of: slot))),
      .init("slot address", "slotAddress", .hex(slot.address)),
      .init("type", "type", .text(snapshot.layouts.capability.name(ofType: capability.type))),
      .init("object", "object", snapshot.objectCell(capability)),
      .init("address", "address", capability.address == 0 ? .none : .hex(capability.address)),
      .init("rights", "rights", snapshot.rightsCell(capability)),
      .init("detail", "detail", snapshot.detailCell(slot)),
      .init("derived from", "derivedFrom", snapshot.derivedFromCell(slot.address)),
      .init("children", "children", .list(children)),
      .init("words", "words", .list([.word(capability.word0), .word(capability.word1)])),
    ]
  }
}
