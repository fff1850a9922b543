internal import Inspection

extension Command {
  static let slices = Command(
    "slices",
    summary: "Show the processor's slice vector: who gets which part of the time",
    discussion: """
      Slots that follow each other, are bound to the same domain and belong to the same TimeSlice capability are \
      one line. Ticks are the slices that began in them; their time was used by the domain and by whoever served \
      its calls and interrupts meanwhile, or lent by it (LENT TO: the last borrower), or lost, since the slice \
      ended early. `*` marks where the processor is.
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
    var used, lent, lost, borrower: UInt64?
    let domain: UInt64
    let owner: UInt64?

    init(_ slice: SliceRecord, owner: UInt64?) {
      (first, last) = (slice.index, slice.index)
      (ticks, used, lent, lost) = (slice.ticks, slice.used, slice.lent, slice.lost)
      (borrower, domain, self.owner) = (slice.borrower, slice.domain, owner)
    }

    mutating func add(_ slice: SliceRecord) {
      last = slice.index
      ticks &+= slice.ticks
      used = sum(used, slice.used)
      lent = sum(lent, slice.lent)
      lost = sum(lost, slice.lost)
      if let other = slice.borrower, other != 0 { borrower = other }
    }

    private func sum(_ one: UInt64?, _ other: UInt64?) -> UInt64? {
      guard let one, let other else { return nil }
      return one &+ other
    }
  }

  static func sliceTable(_ snapshot: Snapshot) -> Table {
    var table = Table([
      .init("", "current"), .init("SLOTS", "slots"), .jsonOnly("first"), .jsonOnly("count"),
      .init("DOMAIN", "domain"), .init("TICKS", "ticks", .right), .init("USED", "used", .right),
      .init("LENT", "lent", .right), .init("LOST", "lost", .right), .init("LENT TO", "borrower"),
      .init("CAPABILITY", "capability"),
    ])
    let frequency = snapshot.layouts.constants.timerFrequency
    for run in runs(snapshot) {
      let range = run.first == run.last ? "\(run.first)" : "\(run.first)-\(run.last)"
      let isCurrent = (UInt64(run.first)...UInt64(run.last)).contains(snapshot.state.currentSlice)
      table.add([
        Cell(isCurrent ? "*" : " ", json: .bool(isCurrent)), .text(range), .number(run.first),
        .number(run.last - run.first + 1), snapshot.cell(ofDomain: run.domain), .number(run.ticks),
        .time(run.used, frequency), .time(run.lent, frequency), .time(run.lost, frequency),
        snapshot.cell(ofDomain: run.borrower ?? 0), .text(run.owner.map(snapshot.names.name(ofSlot:))),
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
        runs[runs.count - 1].add(slice)
      } else {
        runs.append(Run(slice, owner: owner))
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
