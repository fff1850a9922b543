internal import ArgumentParser
internal import Commands

struct ExecCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Run shell commands on a system, print their answers, and leave.",
    discussion: """
      Each COMMAND is one line of the shell, such as 'domains' or 'cap root:0x3'. The first one that fails ends it, \
      with its exit status.
      """)

  @Argument(help: "How to reach the system.")
  var target: String

  @Argument(help: "Lines of the shell.")
  var commands: [String]

  @OptionGroup var connection: ConnectionOptions

  @Flag(help: "Print one JSON object for each command.")
  var json = false

  func run() throws {
    try exitingOnFailure { () throws(Failure) in
      try TargetChoice.withSession(on: target, connection) { session throws(Failure) in
        for command in commands { try run(command, in: session) }
      }
    }
  }

  private func run(_ line: String, in session: CommandSession) throws(Failure) {
    do throws(CommandError) {
      var answer = try session.run(line: line)
      if json { answer.wantsJSON = true }
      print(answer.rendered)
    } catch {
      throw Failure(error)
    }
  }
}
