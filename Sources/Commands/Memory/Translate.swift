internal import Inspection
internal import TargetLink

extension Command {
  static let translate = Command(
    "translate",
    summary: "Translate a virtual address step by step, and tell the effective rights",
    usage: "[DOMAIN] ADDRESS",
    discussion: """
      Shows the descriptor at each level of translation that the processor would read for the domain (the \
      current one, if none is named), what each level leaves of the rights, and the physical address. An address \
      in the kernel's half is translated by the kernel's own tables, or by its direct map if it does not say where \
      they are. Where a descriptor on the way is not what the kernel's objects say, that is told too.
      """,
    example: "translate server 0x40000000", arguments: [.domain, .symbol], wordCount: 1...2
  ) { session, arguments throws(CommandError) in
    let snapshot = try session.snapshot(includingTables: true)
    let address = try session.address(arguments.words[arguments.words.count - 1])
    var answer =
      session.isKernelAddress(address)
      ? try kernelAnswer(address, session)
      : try userAnswer(address, in: arguments.words.dropLast().first, snapshot, session)
    answer.add(trustIn: snapshot)
    return answer
  }

  private static func userAnswer(
    _ address: UInt64, in domain: String?, _ snapshot: Snapshot, _ session: CommandSession
  ) throws(CommandError) -> Answer {
    let domain = try session.domainOrCurrent(domain, in: snapshot)
    let name = snapshot.names.name(ofDomain: domain)
    guard let root = snapshot.translationRoot(of: domain) else {
      throw CommandError(.usage, "\(name) has no ProtectionDomain")
    }
    let walk = TranslationWalk(address, root: root, tables: snapshot.tables, regime: session.layouts.regime)
    var answer = Answer("steps", steps(walk))
    answer.add(
      "translation",
      [.init("domain", "domain", snapshot.cell(ofDomain: domain))]
        + record(walk, address, rights: walk.rights))
    let audit = TranslationAudit(snapshot)
    answer.add(
      differences: walk.steps.flatMap { audit.differences.of(table: $0.table, index: $0.index) })
    return answer
  }

  private static func kernelAnswer(_ address: UInt64, _ session: CommandSession) throws(CommandError)
    -> Answer
  {
    let symbol = Answer.Field("symbol", "symbol", .text(session.symbols?.describe(address)))
    let regime = session.layouts.regime
    guard let root = regime.kernelRoot else {
      let physical = try session.directMapped(address)
      return Answer(
        "translation",
        [
          .init("virtual", "virtual", .hex(address)), .init("physical", "physical", .hex(physical)),
          .init("by", "by", .text("the kernel's direct map")), symbol,
        ])
    }
    let tables = try session.read { () throws(TargetError) in
      try TableReader.read(for: address, below: root, from: session.target)
    }
    let walk = TranslationWalk(address, root: root, tables: tables, regime: regime)
    var answer = Answer("steps", steps(walk, isKernel: true))
    answer.add("translation", record(walk, address, rights: walk.privilegedRights) + [symbol])
    return answer
  }

  private static func steps(_ walk: TranslationWalk, isKernel: Bool = false) -> Table {
    var table = Table([
      .init("LEVEL", "level", .right), .init("TABLE", "table"), .init("INDEX", "index", .right),
      .init("DESCRIPTOR", "descriptor"), .init("KIND", "kind"), .init("NEXT", "next"),
      .init("LEAVES", "rights"), .init("FLAGS", "flags"),
    ])
    for step in walk.steps {
      let entry = step.entry
      let (kind, next): (String, Cell) =
        switch entry.kind {
        case .invalid: ("invalid", .none)
        case .table(let table): ("table", .hex(table))
        case .leaf(let base): (entry.level == 3 ? "page" : "block", .hex(base))
        }
      table.add([
        .number(entry.level), .hex(step.table), .number(step.index), .word(entry.word), .text(kind), next,
        .text((isKernel ? entry.privilegedRights : entry.rights).text("x")),
        .text(entry.flags.isEmpty ? nil : entry.flags.joined(separator: " ")),
      ])
    }
    return table
  }

  private static func record(_ walk: TranslationWalk, _ address: UInt64, rights: AccessRights)
    -> [Answer.Field]
  {
    let (physical, memory, fault): (Cell, Cell, Cell) =
      switch walk.outcome {
      case .mapped(let physical, let memory): (.hex(physical), .text(memory.text), .none)
      case .fault(let level): (.none, .none, .text("translation fault, level \(level)"))
      case .accessFlagFault(let level): (.none, .none, .text("access flag fault, level \(level)"))
      case .addressSizeFault(let level): (.none, .none, .text("address size fault, level \(level)"))
      case .unreadable(let table): (.none, .none, .text("the table at \(hexadecimal(table)) cannot be read"))
      }
    return [
      .init("virtual", "virtual", .hex(address)), .init("physical", "physical", physical),
      .init("rights", "rights", .text(rights.text("x"))), .init("memory", "memory", memory),
      .init("fault", "fault", fault),
    ]
  }
}
