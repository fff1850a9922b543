internal import Inspection
internal import TargetLink

// `registers --fp`: floating-point and SIMD registers.
extension Command {
  static func floatingPoint(_ session: CommandSession, _ arguments: Arguments) throws(CommandError) -> Answer
  {
    guard !arguments.options.contains("--all") else {
      throw CommandError(.usage, "`registers` takes --all or --fp, not both")
    }
    guard let word = arguments.words.first else {
      let registers = try session.read { () throws(TargetError) in
        try session.target.readFloatingPointRegisters()
      }
      var answer = Answer()
      show(registers, in: &answer)
      if registers.isEmpty {
        answer.note("the code that was stopped has none: the kernel uses no such registers")
      }
      return answer
    }
    return try session.atOneMoment { () throws(CommandError) in
      try floatingPoint(of: word, session)
    }
  }

  private static func floatingPoint(of word: String, _ session: CommandSession) throws(CommandError) -> Answer
  {
    let snapshot = try session.snapshot()
    let domain = try session.select(.domain, word, in: snapshot)
    let read = try session.read { () throws(TargetError) in
      let record = try FloatingPointRecord(of: domain, in: session.target, snapshot.layouts)
      return (record, try snapshot.isCurrent(in: session.target))
    }
    guard let record = read.0 else {
      throw CommandError(.refused, "this kernel keeps no floating-point registers")
    }
    var answer = Answer()
    let live = record.isInProcessor ? try processorsOwn(domain, snapshot, session) : nil
    show(live ?? record.registers.map(RegisterValue.init), in: &answer)
    answer.add("upToDate", [], .bool(!record.isInProcessor || live != nil))
    answer.add(trustIn: snapshot)
    if record.isInProcessor && live == nil {
      answer.note("the processor holds newer ones; this is what the domain had when it last gave them up")
    }
    if snapshot.consistency == .consistent && !read.1 {
      answer.note(
        "the kernel was entered meanwhile: parts may be of different times; --stop stops the system to read")
    }
    return answer
  }

  /// What the processor holds, if the way in can tell it of this domain.
  private static func processorsOwn(
    _ domain: UInt64, _ snapshot: Snapshot, _ session: CommandSession
  ) throws(CommandError) -> [RegisterValue]? {
    let target = session.target
    guard target.capabilities.contains(.registers), target.state != .running else { return nil }
    let isOwn = target.capabilities.contains(.readsProcessor) || domain == snapshot.state.current
    guard isOwn else { return nil }
    let registers = try session.read { () throws(TargetError) in try target.readFloatingPointRegisters() }
    return registers.isEmpty ? nil : registers
  }

  private static func show(_ registers: [RegisterValue], in answer: inout Answer) {
    let list = RegisterList(registers)
    answer.add("registers", list.lines, list.json)
  }
}

extension RegisterValue {
  fileprivate init(_ register: FloatingPointRecord.Register) {
    self.init(
      name: register.name, bitWidth: register.bitWidth, value: register.low, high: register.high)
  }
}
