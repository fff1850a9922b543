internal import Inspection

extension Command {
  static let findings = Command(
    "findings",
    summary: "List what contradicts itself in the kernel's objects",
    discussion: """
      Pointers that lead nowhere, queues and trees with cycles, values that no working kernel leaves: one line \
      each, with the object and the field where it was seen. On a healthy system that was read while nothing \
      changed there are none.
      """,
    example: "findings", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    let snapshot = try session.snapshot(includingTables: true)
    let table = findingTable(snapshot)
    var answer = Answer()
    if table.isEmpty {
      answer.add("findings", ["nothing contradicts itself"], table.json)
    } else {
      answer.add("findings", table)
    }
    answer.add(consistencyOf: snapshot)
    return answer
  }

  static func findingTable(_ snapshot: Snapshot) -> Table {
    var table = Table([.init("OBJECT", "object"), .init("FIELD", "field"), .init("FINDING", "text")])
    for finding in snapshot.findings {
      table.add([.text(finding.object), .text(finding.field), .text(finding.text)])
    }
    return table
  }
}
