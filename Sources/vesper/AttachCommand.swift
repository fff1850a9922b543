internal import ArgumentParser

struct AttachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach",
    abstract: "Open the shell on a running system.",
    discussion:
      "Commands are read from standard input; `help` lists them. The system is left as it was found.")

  @Argument(help: "How to reach it; by default the only one that `vesper ps` lists.")
  var target: String?

  @OptionGroup var options: ConnectionOptions

  func run() throws {
    try exitingOnFailure { () throws(Failure) in
      let connection = try Connection.open(target, options)
      let console = ConsoleBuffer(of: connection.target)
      try connection.withSession { session throws(Failure) in
        try Shell(session: session, console: console).run()
      }
    }
  }
}
