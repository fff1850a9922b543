internal import ArgumentParser
internal import Commands
internal import ShellTerminal

struct ExecCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Run shell commands on a system, print their answers, and leave.",
    discussion: """
      Each COMMAND is one line of the shell, such as 'domains' or 'cap root:0x3'. The first one that fails ends it, \
      with its exit status. The system is left as it was found, but after 'interrupt' it remains stopped.
      """)

  @Argument(help: "How to reach the system.")
  var target: String

  @Argument(help: "Lines of the shell.")
  var commands: [String]

  @OptionGroup var options: ConnectionOptions

  @Flag(help: "Print one JSON object for each command.")
  var json = false

  func run() throws {
    try exitingOnFailure { () throws(Failure) in
      try Connection.open(target, options).withSession(keepingStop: true) { session throws(Failure) in
        for command in commands {
          try printAnswer(session.render(command, asJSON: json))
          // Ctrl-C ends the whole of it, and not one command of several.
          if SignalFlag.takeInterrupt() || SignalFlag.isTerminating { throw Failure(.refused, "interrupted") }
        }
      }
    }
  }
}

extension CommandSession {
  /// The answer to one line, as text or JSON.
  func render(_ line: String, asJSON: Bool) throws(Failure) -> AnswerText {
    try report(line, asJSON: asJSON).text
  }

  /// With what the exit status is to tell, if the command has found something wrong.
  func report(_ line: String, asJSON: Bool) throws(Failure) -> (text: AnswerText, alarm: String?) {
    do throws(CommandError) {
      return try withProgress { () throws(CommandError) in try self.render(line, asJSON: asJSON) }
    } catch {
      throw Failure(error)
    }
  }
}
