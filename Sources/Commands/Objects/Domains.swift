internal import Inspection

extension Command {
  static let domains = Command(
    "domains", aliases: ["threads"],
    summary: "List all domains and what each is doing",
    discussion: """
      One line a domain: its number, its name, its state, what it waits for, the slots of the slice vector \
      bound to it, the ticks charged to it, and the program counter of its last entry into the kernel. `*` \
      marks the domain whose registers the processor holds.
      """,
    example: "domains", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    let snapshot = try session.snapshot()
    var answer = Answer("domains", domainTable(snapshot))
    answer.add(trustIn: snapshot)
    return answer
  }

  static func domainTable(_ snapshot: Snapshot) -> Table {
    var table = Table([
      .init("", "current"), .init("NO", "number", .right), .init("NAME", "name"), .init("STATE", "state"),
      .init("WAITS FOR", "waitsFor"), .init("SLICES", "slices", .right), .init("TICKS", "ticks", .right),
      .init("PC", "pc"), .init("ADDRESS", "address"),
    ])
    for (index, domain) in snapshot.orderedDomains.enumerated() {
      let isCurrent = domain.address == snapshot.state.current
      table.add([
        Cell(isCurrent ? "*" : " ", json: .bool(isCurrent)), .number(index + 1),
        snapshot.cell(ofDomain: domain.address), .text(state(domain)), snapshot.waitsForCell(domain),
        .number(domain.boundSlices), .number(domain.ticks), .hex(domain.register("pc")), .hex(domain.address),
      ])
    }
    return table
  }

  /// One that a debugger holds may besides be waiting for something.
  private static func state(_ domain: DomainRecord) -> String {
    domain.isHeld && domain.state != "held" ? "\(domain.state), held" : domain.state
  }
}

extension Snapshot {
  /// The object a domain is queued at, or for a call, who has the right to answer it; or who runs on its time.
  func waitsForCell(_ domain: DomainRecord) -> Cell {
    if endpoints[domain.blockedOn] != nil {
      return .text(names.name(of: ObjectID(.endpoint, domain.blockedOn)))
    }
    if notifications[domain.blockedOn] != nil {
      return .text(names.name(of: ObjectID(.notification, domain.blockedOn)))
    }
    if domain.blockedOn != 0 { return .text("?@\(hexadecimal(domain.blockedOn))") }
    if domain.state == "lending" { return cell(ofDomain: domain.lentTo) }
    guard domain.state == "blocked-on-reply" else { return .none }
    return .text("reply in " + (replySlot(of: domain.address).map(names.name(ofSlot:)) ?? "no slot"))
  }

  /// The slot that holds the right to answer a domain: derived from its reply master.
  func replySlot(of domain: UInt64) -> UInt64? {
    ownSlot("replyMaster", of: domain).flatMap { tree.children(of: $0.address).first }
  }
}
