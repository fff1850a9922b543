internal import Inspection

extension Answer {
  /// Says how far the snapshot that the answer was made from is to be believed.
  mutating func add(trustIn snapshot: Snapshot) {
    add(consistencyOf: snapshot)
    let findings = Command.findingTable(snapshot)
    add("findings", [], findings.json)
    if !findings.isEmpty {
      note("\(findings.count) findings: what was read contradicts itself; `findings` lists them")
    }
  }

  /// Says whether the kernel changed its objects while they were read.
  mutating func add(consistencyOf snapshot: Snapshot) {
    switch snapshot.consistency {
    case .consistent:
      add("consistency", [], .string("consistent"))
    case .torn(let before, let after):
      add("consistency", [], .string("torn"))
      note(
        "the kernel changed its objects while they were read (epoch \(before), then \(after)): "
          + "parts may contradict each other; --stop, by a way in that can, stops it for that moment")
    case .amidChange:
      add("consistency", [], .string("amid-change"))
      note(
        "at this moment the kernel was changing its objects (epoch \(snapshot.state.epoch)): parts may "
          + "contradict each other; a system that is stopped there: `finish`, or `--run-to-exit`")
    }
  }
}
