internal import ArgumentParser
internal import TargetLink

struct AttachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach",
    abstract: "Open the shell on a running system.",
    discussion:
      "Commands are read from standard input; `help` lists them. The system is left as it was found.")

  @Argument(help: "How to reach it; by default the only one that `vesper ps` lists.")
  var target: String?

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    try exitingOnFailure { () throws(Failure) in
      let target = try TargetChoice.attach(TargetChoice.specification(target), connection)
      defer { target.detach() }
      let console = ConsoleBuffer(of: target)
      try Shell(session: TargetChoice.session(on: target), console: console).run()
    }
  }
}
