internal import Inspection

extension Command {
  static let caps = Command(
    "caps", aliases: ["capabilities"],
    summary: "List capabilities: all, those of a type, or those to an object",
    usage: "[TYPE | OBJECT]",
    discussion: """
      One line a slot that holds a capability, wherever it is: in a CNode, in a domain's own slots, at an \
      interrupt line. TYPE is a type of capability such as `endpoint`; OBJECT is a name, a slot (the object its \
      capability names is meant) or a physical address.
      """,
    example: "caps endpoint", arguments: [.capabilityType], wordCount: 0...1
  ) { session, arguments throws(CommandError) in
    let snapshot = try session.snapshot()
    var slots = snapshot.filledSlots
    if let word = arguments.words.first {
      let isWanted = try filter(word, session, snapshot)
      slots = slots.filter { isWanted($0.capability) }
    }
    var answer = Answer("capabilities", capabilityTable(slots, snapshot))
    answer.add(trustIn: snapshot)
    return answer
  }

  static func capabilityTable(_ slots: [SlotRecord], _ snapshot: Snapshot) -> Table {
    let columns =
      [.init("SLOT", "slot")] + Snapshot.capabilityColumns + [.init("DERIVED FROM", "derivedFrom")]
    let names = NameCells(snapshot)
    return Table(columns, count: slots.count) { index, row in
      let slot = slots[index]
      row.add(.text(snapshot.names.name(of: slot)))
      snapshot.addCapabilityCells(of: slot, object: names.object(slot.capability), to: &row)
      row.add(names.parent(snapshot.tree.parent(of: slot.address) ?? 0))
    }
  }

  private static func filter(_ word: String, _ session: CommandSession, _ snapshot: Snapshot)
    throws(CommandError) -> (CapabilityRecord) -> Bool
  {
    let encoding = session.layouts.capability
    if encoding.typeNames.values.contains(word) { return { encoding.name(ofType: $0.type) == word } }
    guard let object = try session.select(word, in: snapshot).object else {
      throw CommandError(.usage, "`\(word.printable)` names no object")
    }
    return { $0.object == object }
  }
}
