internal import ArgumentParser

struct DumpCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case json
    case table
  }

  static let configuration = CommandConfiguration(
    commandName: "dump",
    abstract: "Print everything that is in the objects of a system.",
    discussion: "The same stopped system gives the same dump, byte for byte, whatever the way in.")

  @Argument(help: "How to reach the system.")
  var target: String

  @Option(help: "How to print it.")
  var format = Format.json

  @OptionGroup var options: ConnectionOptions

  func run() throws {
    try exitingOnFailure { () throws(Failure) in
      try Connection.open(target, options).withSession { session throws(Failure) in
        try printAnswer(session.render("dump", asJSON: format == .json))
      }
    }
  }
}
