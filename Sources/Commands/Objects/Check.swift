internal import Inspection
internal import TargetLink

extension Command {
  static let check = Command(
    "check",
    summary: "Compare the kernel's objects with each other and with the hardware",
    discussion: """
      Everything that contradicts itself in the kernel's objects (see `findings`); each descriptor of the \
      translation tables, walked as the processor does, that is not what Frames, Segments, PageTables and \
      ProtectionDomains say, and each of the kernel's own half; each register of the interrupt controller that is \
      not as the interrupt lines say. What this way in cannot read is named.
      """,
    example: "check", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    let (snapshot, hardware) = try session.atOneMoment { () throws(CommandError) in
      let snapshot = try session.snapshot(includingTables: true)
      let hardware = try session.read { () throws(TargetError) in
        try HardwareAudit(snapshot, of: session.target)
      }
      return (snapshot, hardware)
    }
    var answer = Answer()
    add("findings", findingTable(snapshot), to: &answer)
    add("translation", translationTable(hardware.translation), to: &answer)
    add("interrupts", interruptTable(hardware.interrupts.differences), to: &answer)
    answer.add("checked", record(snapshot, hardware))
    for obstacle in hardware.obstacles { answer.note(obstacle) }
    answer.add("notChecked", [], .array(hardware.obstacles.map(JSONValue.string)))
    answer.add(consistencyOf: snapshot)
    let count = snapshot.findings.count + hardware.differenceCount
    if count > 0 { answer.alarm = "the system contradicts itself or its hardware in \(count) places" }
    return answer
  }

  /// A table without rows is only for JSON.
  private static func add(_ key: String, _ table: Table, to answer: inout Answer) {
    if table.isEmpty { answer.add(key, [], table.json) } else { answer.add(key, table) }
  }

  private static func record(_ snapshot: Snapshot, _ hardware: HardwareAudit) -> [Answer.Field] {
    return [
      .init("capabilities", "capabilities", .number(snapshot.slots.count)),
      .init("tables", "tables", .number(hardware.tableCount)),
      .init("descriptors", "descriptors", .number(hardware.descriptorCount)),
      .init("interrupt lines", "lines", .number(hardware.interrupts.lineCount)),
      .init("contradictions", "contradictions", .number(snapshot.findings.count)),
      .init("differences from hardware", "differences", .number(hardware.differenceCount)),
    ]
  }

  static func translationTable(_ differences: [TranslationDifference]) -> Table {
    var table = Table([
      .init("TABLE", "table"), .init("INDEX", "index", .right), .init("LEVEL", "level", .right),
      .init("DIFFERS", "differs"), .init("PROCESSOR", "processor"), .init("KERNEL", "kernel"),
    ])
    for difference in differences {
      table.add([
        .hex(difference.table), difference.index.map(Cell.number) ?? .none, .number(difference.level),
        .list(difference.aspects.map(Cell.text)), .text(difference.processor), .text(difference.kernel),
      ])
    }
    return table
  }

  private static func interruptTable(_ differences: [InterruptDifference]) -> Table {
    var table = Table([
      .init("LINE", "line", .right), .init("REGISTER", "register"), .init("CONTROLLER", "controller"),
      .init("KERNEL", "kernel"),
    ])
    for difference in differences {
      table.add([
        difference.line.map(Cell.number) ?? .none, .text(difference.register), .text(difference.controller),
        .text(difference.kernel),
      ])
    }
    return table
  }
}

extension Answer {
  /// Adds what differs from the kernel's objects, if anything does.
  mutating func add(differences: [TranslationDifference]) {
    let table = Command.translationTable(differences)
    if table.isEmpty { add("differences", [], table.json) } else { add("differences", table) }
  }
}
