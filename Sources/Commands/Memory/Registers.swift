internal import Inspection
internal import TargetLink

extension Command {
  static let registers = Command(
    "registers", aliases: ["regs"],
    summary: "Show the processor's registers, or those the kernel saved for a domain",
    usage: "[--all|--fp] [DOMAIN]",
    discussion: """
      Without an argument, the general registers as the target's debug interface gives them (the system has to be \
      stopped), with --all the system registers too, if it has them. With DOMAIN, those that the kernel saved when the domain last entered it; of the domain that is \
      current they may be out of date. With --fp, the floating-point and SIMD registers instead. The processor keeps \
      those of the domain that used them last until another one does: where the way in cannot tell them, that is said.
      """,
    example: "registers server", options: ["--all", "--fp"], arguments: [.domain], wordCount: 0...1
  ) { session, arguments throws(CommandError) in
    if arguments.options.contains("--fp") { return try floatingPoint(session, arguments) }
    guard let word = arguments.words.first else {
      return try processorRegisters(session, showingAll: arguments.options.contains("--all"))
    }
    let snapshot = try session.snapshot()
    let domain = try session.select(.domain, word, in: snapshot)
    let registers = (snapshot.domains[domain]?.registers ?? []).map {
      (name: $0.name, digits: 16, value: $0.value)
    }
    let list = RegisterList(registers)
    var answer = Answer()
    answer.add("registers", list.lines, list.json)
    answer.add(trustIn: snapshot)
    return answer
  }

  /// GDB's `org.gnu.gdb.aarch64.core`.
  private static func isGeneral(_ register: RegisterValue) -> Bool {
    if ["sp", "pc", "cpsr"].contains(register.name) { return true }
    return register.name.hasPrefix("x") && Int(register.name.dropFirst()).map { $0 < 31 } == true
  }

  private static func processorRegisters(_ session: CommandSession, showingAll: Bool) throws(CommandError)
    -> Answer
  {
    let all = try session.read { () throws(TargetError) in try session.target.readRegisters() }
    let registers = showingAll ? all : all.filter(isGeneral)
    let list = RegisterList(
      registers.map { (name: $0.name.printable, digits: ($0.bitWidth + 3) / 4, value: $0.value) })
    var answer = Answer()
    answer.add("registers", list.lines, list.json)
    if let pc = registers.first(where: { $0.name == "pc" })?.value,
      let place = session.symbols?.describe(pc)
    {
      answer.note("pc is in \(place)")
    }
    return answer
  }
}
