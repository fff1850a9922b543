internal import Inspection

extension Command {
  static let info = Command(
    "info", aliases: ["i"],
    summary: "gdb's spelling of some commands: info registers, breakpoints, threads, symbol",
    usage: "WHAT [ARGUMENT]",
    discussion: """
      `info registers` is `registers`, `info breakpoints` is `break`, `info threads` is `domains`, `info symbol \
      ADDRESS` is `symbol`. WHAT may be abbreviated.
      """,
    example: "info registers", arguments: [.nothing, .symbol], wordCount: 1...2
  ) { session, arguments throws(CommandError) in
    let topics = [
      ("registers", registers), ("breakpoints", breakpoint), ("threads", domains), ("symbol", symbol),
      ("line", symbol),
    ]
    let word = arguments.words[0]
    let matches = topics.filter { $0.0.hasPrefix(word) }
    guard matches.count == 1 else {
      let names = topics.map(\.0).joined(separator: ", ")
      throw CommandError(.usage, "`info \(word.printable)`: there are \(names)")
    }
    let command = matches[0].1
    let rest = try Arguments(Array(arguments.words.dropFirst()), accepting: [], of: command.name)
    guard command.wordCount.contains(rest.words.count) else {
      throw CommandError(.usage, "usage: \(command.synopsis); see `help \(command.name)`")
    }
    return try command.run(session, rest)
  }
}
