internal import ArgumentParser
internal import Commands
internal import TargetLink

struct PsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ps",
    abstract: "List the QEMUs of this machine and how to attach to each.",
    discussion: "What they run is not looked at. One with `-` as TARGET has no serial socket and no gdb stub."
  )

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    try exitingOnFailure { () throws(Failure) in
      var answer = Self.answer(QEMUDiscovery.runningEmulators())
      answer.wantsJSON = json
      try printAnswer(answer.rendered)
    }
  }

  static func answer(_ emulators: [RunningEmulator]) -> Answer {
    var table = Table([
      .init("PROCESS", "process", .right), .init("NAME", "name"), .init("MACHINE", "machine"),
      .init("MEMORY", "memory"), .init("KERNEL", "kernel"), .init("TARGET", "targets"),
    ])
    for emulator in emulators {
      table.add([
        .number(UInt64(emulator.processID)), cell(emulator.name), cell(emulator.machine),
        cell(emulator.memory), cell(emulator.kernel), .list(emulator.waysIn.map { cell($0.description) }),
      ])
    }
    return Answer("emulators", table)
  }

  /// What another process calls itself must not control this terminal.
  private static func cell(_ text: String?) -> Cell {
    text.map { Cell(ConsoleText.printable(Array($0.utf8)), json: .string($0)) } ?? .none
  }
}
