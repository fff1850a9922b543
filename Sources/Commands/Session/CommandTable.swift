internal import Inspection

/// All commands, and how a word becomes one.
package enum CommandTable {
  package static let commands: [Command] = [
    .domains, .domain, .cnodes, .cnode, .caps, .cap, .tree, .endpoints, .notifications, .irqs, .irq, .untyped,
    .slices, .findings, .check,
    .segments, .mappings, .translate, .registers, .examine, .symbol,
    .resume, .interrupt, .step, .finish, .wait, .breakpoint, .delete, .info, .dump, .help, .detach, .quit,
  ]

  /// The command called `word`: its name or alias, else the only command whose name begins so.
  package static func find(_ word: String) throws(CommandError) -> Command {
    if let exact = commands.first(where: { $0.name == word || $0.aliases.contains(word) }) { return exact }
    let matches = commands.filter { $0.name.hasPrefix(word) }
    if matches.count == 1 { return matches[0] }
    if matches.count > 1 {
      let names = matches.map(\.name).joined(separator: ", ")
      throw CommandError(.usage, "`\(word.printable)` could be \(names)")
    }
    let near = commands.map { (command: $0, distance: editDistance(word, $0.name)) }
      .min { $0.distance < $1.distance }
    let suggestion = near.flatMap { $0.distance <= 2 ? "did you mean `\($0.command.name)`? " : nil } ?? ""
    throw CommandError(.usage, "there is no command `\(word.printable)`; \(suggestion)`help` lists all")
  }

  /// Letters to insert, remove, replace or swap with their neighbour (Damerau, 1964), of the first 32.
  static func editDistance(_ first: String, _ second: String) -> Int {
    let first = Array(first.prefix(32))
    let second = Array(second.prefix(32))
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for (row, letter) in first.enumerated() {
      var current = [row + 1]
      for (column, other) in second.enumerated() {
        let replaced = last[column] + (letter == other ? 0 : 1)
        var best = min(replaced, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[second.count]
  }
}
