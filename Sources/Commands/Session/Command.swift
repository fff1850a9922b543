/// One command of the shell. Each is defined in a file of its own, as a static member.
package struct Command: Sendable {
  /// What an argument is, for completion.
  enum Argument: Sendable {
    case domain
    case object
    case slot
    case symbol
    case command
    case capabilityType
    case nothing
  }

  package let name: String
  /// Other spellings, among them gdb's.
  package let aliases: [String]
  /// One line, without a full stop.
  package let summary: String
  /// The arguments, as help shows them.
  package let usage: String
  /// What it shows, in a few lines.
  package let discussion: String
  /// A line to try.
  package let example: String
  let options: [String]
  /// The last one stands for all that follow.
  let arguments: [Argument]
  /// How many words it takes.
  let wordCount: ClosedRange<Int>
  let run: @Sendable (CommandSession, Arguments) throws(CommandError) -> Answer

  init(
    _ name: String, aliases: [String] = [], summary: String, usage: String = "", discussion: String,
    example: String, options: [String] = [], arguments: [Argument] = [], wordCount: ClosedRange<Int>,
    run: @escaping @Sendable (CommandSession, Arguments) throws(CommandError) -> Answer
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.usage = usage
    self.discussion = discussion
    self.example = example
    self.options = options
    self.arguments = arguments
    self.wordCount = wordCount
    self.run = run
  }

  package var synopsis: String { usage.isEmpty ? name : name + " " + usage }
}
