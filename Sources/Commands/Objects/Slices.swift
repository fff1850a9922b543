internal import Inspection

extension Command {
  static let slices = Command(
    "slices",
    summary: "Show the processor's slice vector: who gets which part of the time",
    discussion: """
      Slots that follow each other, are bound to the same domain and belong to the same TimeSlice capability are \
      one line. Ticks are the slices that began in them. `*` marks where the processor is.
      """,
    example: "slices", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    let snapshot = try session.snapshot()
    var answer = Answer("slices", sliceTable(snapshot))
    answer.add(trustIn: snapshot)
    return answer
  }

  /// Slots in a row with the same domain and owner.
  private struct Run {
    var first: Int
    var last: Int
    var ticks: UInt64
    let domain: UInt64
    let owner: UInt64?
  }

  static func sliceTable(_ snapshot: Snapshot) -> Table {
    var table = Table([
      .init("", "current"), .init("SLOTS", "slots"), .jsonOnly("first"), .jsonOnly("count"),
      .init("DOMAIN", "domain"), .init("TICKS", "ticks", .right), .init("CAPABILITY", "capability"),
    ])
    for run in runs(snapshot) {
      let range = run.first == run.last ? "\(run.first)" : "\(run.first)-\(run.last)"
      let isCurrent = (UInt64(run.first)...UInt64(run.last)).contains(snapshot.state.currentSlice)
      table.add([
        Cell(isCurrent ? "*" : " ", json: .bool(isCurrent)), .text(range), .number(run.first),
        .number(run.last - run.first + 1), snapshot.cell(ofDomain: run.domain), .number(run.ticks),
        .text(run.owner.map(snapshot.names.name(ofSlot:))),
      ])
    }
    return table
  }

  private static func runs(_ snapshot: Snapshot) -> [Run] {
    let owners = owners(snapshot)
    var runs: [Run] = []
    for slice in snapshot.state.slices {
      let owner = owners[slice.index]
      if let last = runs.last, last.domain == slice.domain, last.owner == owner {
        runs[runs.count - 1].last = slice.index
        runs[runs.count - 1].ticks &+= slice.ticks
      } else {
        runs.append(
          Run(first: slice.index, last: slice.index, ticks: slice.ticks, domain: slice.domain, owner: owner))
      }
    }
    return runs
  }

  /// The TimeSlice capability that each slot belongs to: of those that span it, the one split off last.
  private static func owners(_ snapshot: Snapshot) -> [Int: UInt64] {
    var owners: [Int: UInt64] = [:]
    let slots = snapshot.slots.records.filter { $0.capability.kind == .timeSlice }.map(\.address)
    for slot in snapshot.tree.ordered(slots) {
      guard case .timeSlice(let start, let count)? = snapshot.slots[slot]?.capability.detail else { continue }
      let limit = UInt64(snapshot.state.slices.count)
      for index in min(start, limit)..<min(start + count, limit) { owners[Int(index)] = slot }
    }
    return owners
  }
}
