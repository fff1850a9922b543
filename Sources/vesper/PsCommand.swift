internal import ArgumentParser
internal import Commands
internal import Inspection
internal import TargetLink

struct PsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ps",
    abstract: "List the QEMUs of this machine, the Vesper kernels they run, and how to attach to each.",
    discussion: """
      VESPER is the version and build of the kernel that was found in the guest's memory, `-` if there is none or it may \
      not be read. TARGET has each way in. Looking stops nothing.

      Example: vesper ps --json
      """
  )

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    try exitingOnFailure { () throws(Failure) in
      var answer = Self.answer(FoundSystem.all())
      answer.wantsJSON = json
      try printAnswer(answer.rendered)
    }
  }

  static func answer(_ systems: [FoundSystem]) -> Answer {
    var table = Table([
      .init("PROCESS", "process", .right), .init("NAME", "name"), .init("MACHINE", "machine"),
      .init("MEMORY", "memory"), .init("RUNS", "uptime", .right), .init("KERNEL", "kernel"),
      .init("VESPER", "vesper"), .init("TARGET", "targets"),
    ])
    for system in systems {
      let emulator = system.emulator
      table.add([
        .number(UInt64(emulator.processID)), cell(emulator.name), cell(emulator.machine),
        cell(emulator.memory), uptimeCell(emulator.uptime), cell(emulator.kernel), kernelCell(system.kernel),
        .list(emulator.waysIn.map { cell($0.description) }),
      ])
    }
    return Answer("emulators", table)
  }

  /// What another process calls itself must not control this terminal.
  private static func cell(_ text: String?) -> Cell {
    text.map { Cell(ConsoleText.printable(Array($0.utf8)), json: .string($0)) } ?? .none
  }

  private static func kernelCell(_ kernel: KernelDescriptor?) -> Cell {
    guard let kernel else { return .none }
    let (version, build) = (kernel.version, kernel.build)
    return Cell(
      "\(version) (\(build))",
      json: .object([.init("version", .string(version)), .init("build", .string(build))]))
  }

  /// Seconds, minutes, hours or days for people; seconds in JSON.
  private static func uptimeCell(_ uptime: Duration?) -> Cell {
    guard let seconds = uptime?.components.seconds, seconds >= 0 else { return .none }
    let (minutes, hours) = (seconds / 60, seconds / 3600)
    let text =
      if seconds < 100 { "\(seconds)s" } else if minutes < 100 { "\(minutes)m" } else if hours < 72 {
        "\(hours)h"
      } else {
        "\(hours / 24)d"
      }
    return Cell(text, json: .number(UInt64(seconds)))
  }
}
