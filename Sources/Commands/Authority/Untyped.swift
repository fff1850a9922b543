internal import Inspection

extension Command {
  static let untyped = Command(
    "untyped", aliases: ["memory"],
    summary: "List all Untyped memory: how much of each is used, and what was made of it",
    discussion: """
      One line an Untyped capability: its place, its size, the bytes handed out so far (the watermark), the bytes \
      left, whether it is device memory, and how many objects or capabilities were derived from it directly.
      """,
    example: "untyped", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    let snapshot = try session.snapshot()
    var answer = Answer("untyped", untypedTable(snapshot))
    answer.add(trustIn: snapshot)
    return answer
  }

  static func untypedTable(_ snapshot: Snapshot) -> Table {
    var table = Table([
      .init("SLOT", "slot"), .init("ADDRESS", "address"), .init("SIZE", "size", .right),
      .init("USED", "used", .right), .init("FREE", "free", .right), .init("DEVICE", "device"),
      .init("CHILDREN", "children", .right),
    ])
    let childCounts = snapshot.tree.childCounts
    for position in snapshot.slots.orderedPositions {
      guard
        case .untyped(let bits, let watermark, let isDevice) = snapshot.slots.records[position].capability
          .detail
      else { continue }
      let slot = snapshot.slots.records[position]
      let size: UInt64 = bits < 64 ? 1 << bits : 0
      table.add([
        .text(snapshot.names.name(of: slot)), .hex(slot.capability.address), .size(size), .size(watermark),
        watermark <= size ? .size(size - watermark) : .none, .flag(isDevice),
        .number(childCounts[slot.address] ?? 0),
      ])
    }
    return table
  }
}
