internal import ArgumentParser
internal import Commands

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare a kernel's objects with each other and with the hardware.",
    discussion: """
      The exit status is 1 if something is not as it has to be.

      Example: vesper check qemu:4711 --json
      """)

  @Argument(help: "How to reach the system.")
  var target: String

  @OptionGroup var options: ConnectionOptions

  @Flag(help: "Stop the system for the moment of reading.")
  var stop = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    try exitingOnFailure { () throws(Failure) in
      try Connection.open(target, options).withSession { session throws(Failure) in
        let report = try session.report(stop ? "check --stop" : "check", asJSON: json)
        try printAnswer(report.text)
        if let alarm = report.alarm { throw Failure(.refused, alarm) }
      }
    }
  }
}
