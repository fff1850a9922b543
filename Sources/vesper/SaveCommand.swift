internal import ArgumentParser
internal import Commands

struct SaveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "save",
    abstract: "Write the memory of a system into a core file, for later.",
    discussion: """
      FILE is an ELF core, which `core:FILE` opens again; compressed, if its name ends with .zst or .gz. A system that \
      cannot be read while it runs is stopped meanwhile. FILE appears when all is in it.

      Example: vesper save qemu:4711 system.core.zst
      """)

  @Argument(help: "How to reach the system.")
  var target: String

  @Argument(help: "The file to write.", completion: .file())
  var file: String

  @OptionGroup var options: ConnectionOptions

  @Flag(help: "Stop the system meanwhile, so that all of it is of one moment.")
  var stop = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    try exitingOnFailure { () throws(Failure) in
      try Connection.open(target, options).withSession { session throws(Failure) in
        var answer: Answer
        do throws(CommandError) {
          answer = Answer(saved: try session.saveWithProgress(to: file, stopping: stop), as: file)
        } catch {
          throw Failure(error)
        }
        answer.wantsJSON = json
        try printAnswer(answer.rendered)
      }
    }
  }
}
