internal import Inspection

extension Command {
  static let translate = Command(
    "translate",
    summary: "Translate a virtual address step by step, and tell the effective rights",
    usage: "[DOMAIN] ADDRESS",
    discussion: """
      Shows the descriptor at each level of translation that the processor would read for the domain (the \
      current one, if none is named), what each level leaves of the rights, and the physical address. An address \
      in the kernel's half is translated by the direct map.
      """,
    example: "translate server 0x40000000", arguments: [.domain, .symbol], wordCount: 1...2
  ) { session, arguments throws(CommandError) in
    let snapshot = try session.snapshot(includingTables: true)
    let address = try session.address(arguments.words[arguments.words.count - 1])
    var answer: Answer
    if session.isKernelAddress(address) {
      answer = Answer("translation", try kernelRecord(address, session))
    } else {
      let domain = try session.domainOrCurrent(arguments.words.dropLast().first, in: snapshot)
      guard let root = snapshot.translationRoot(of: domain) else {
        throw CommandError(.usage, "\(snapshot.names.name(ofDomain: domain)) has no ProtectionDomain")
      }
      let walk = TranslationWalk(address, root: root, tables: snapshot.tables)
      answer = Answer("steps", steps(walk))
      answer.add("translation", record(walk, address, domain, snapshot))
    }
    answer.add(trustIn: snapshot)
    return answer
  }

  private static func kernelRecord(_ address: UInt64, _ session: CommandSession) throws(CommandError)
    -> [Answer.Field]
  {
    let physical = try session.directMapped(address)
    return [
      .init("virtual", "virtual", .hex(address)), .init("physical", "physical", .hex(physical)),
      .init("by", "by", .text("the kernel's direct map")),
      .init("symbol", "symbol", .text(session.symbols?.describe(address))),
    ]
  }

  private static func steps(_ walk: TranslationWalk) -> Table {
    var table = Table([
      .init("LEVEL", "level", .right), .init("TABLE", "table"), .init("INDEX", "index", .right),
      .init("DESCRIPTOR", "descriptor"), .init("KIND", "kind"), .init("NEXT", "next"),
      .init("LEAVES", "rights"),
    ])
    for step in walk.steps {
      let (kind, next): (String, Cell) =
        switch step.entry.kind {
        case .invalid: ("invalid", .none)
        case .table(let table): ("table", .hex(table))
        case .leaf(let base): (step.entry.level == 3 ? "page" : "block", .hex(base))
        }
      table.add([
        .number(step.entry.level), .hex(step.table), .number(step.index), .word(step.entry.word), .text(kind),
        next, .text(step.entry.rights.text("x")),
      ])
    }
    return table
  }

  private static func record(
    _ walk: TranslationWalk, _ address: UInt64, _ domain: UInt64, _ snapshot: Snapshot
  ) -> [Answer.Field] {
    let (physical, memory, fault): (Cell, Cell, Cell) =
      switch walk.outcome {
      case .mapped(let physical, let isDevice): (.hex(physical), .text(isDevice ? "device" : "normal"), .none)
      case .fault(let level): (.none, .none, .text("translation fault, level \(level)"))
      case .unreadable(let table): (.none, .none, .text("the table at \(hexadecimal(table)) cannot be read"))
      }
    return [
      .init("domain", "domain", snapshot.cell(ofDomain: domain)), .init("virtual", "virtual", .hex(address)),
      .init("physical", "physical", physical), .init("rights", "rights", .text(walk.rights.text("x"))),
      .init("memory", "memory", memory), .init("fault", "fault", fault),
    ]
  }
}
