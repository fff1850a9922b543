extension Command {
  static let help = Command(
    "help", aliases: ["?", "h"],
    summary: "List the commands, or explain one",
    usage: "[COMMAND]",
    discussion: """
      Every command takes --json, for an answer that programs can read, and --stop, which stops a running system \
      while it is read. An unambiguous beginning of a command's name is enough.
      """,
    example: "help cap", arguments: [.command], wordCount: 0...1
  ) { _, arguments throws(CommandError) in
    guard let word = arguments.words.first else { return Answer("commands", overview()) }
    return explanation(of: try CommandTable.find(word))
  }

  private static func overview() -> Table {
    var table = Table([
      .init("COMMAND", "name"), .init("SHORT", "aliases"), .init("WHAT IT DOES", "summary"),
    ])
    for command in CommandTable.commands {
      table.add([.text(command.name), .list(command.aliases.map { .text($0) }), .text(command.summary)])
    }
    return table
  }

  private static func explanation(of command: Command) -> Answer {
    var lines = ["\(command.summary).", "", "usage: \(command.synopsis) [--json] [--stop]"]
    if !command.aliases.isEmpty { lines.append("also:  \(command.aliases.joined(separator: ", "))") }
    lines += [""] + wrapped(command.discussion, width: 80) + ["", "example: \(command.example)"]
    var answer = Answer()
    answer.add(
      "command", lines,
      .object([
        .init("name", .string(command.name)), .init("aliases", .array(command.aliases.map(JSONValue.string))),
        .init("summary", .string(command.summary)), .init("usage", .string(command.synopsis)),
        .init("discussion", .string(command.discussion)), .init("example", .string(command.example)),
      ]))
    return answer
  }

  /// Breaks a paragraph into lines of at most `width` characters.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + word.count < width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
