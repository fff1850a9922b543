internal import Inspection

/// What could stand at the cursor.
package struct Completion: Equatable, Sendable {
  /// Where the word to be replaced begins, as an offset in characters; it ends at the cursor.
  package let start: Int
  /// Whole words, in order.
  package let candidates: [String]

  package init(start: Int, candidates: [String]) {
    self.start = start
    self.candidates = candidates
  }
}

extension CommandSession {
  private static let completionLimit = 256

  /// Finds what the word that ends at `cursor`, an offset in characters, could become.
  ///
  /// Names are those of the last snapshot; one is taken only if there is none and the target can be read.
  package func complete(_ line: String, cursor: Int) -> Completion {
    let before = String(line.prefix(max(0, cursor)))
    let split = LineSplitter.scan(before).split
    let prefix = split.endsInWord ? split.words.last ?? "" : ""
    let position = split.words.count - (split.endsInWord ? 1 : 0)
    let start = before.count - prefix.count
    if position == 0 {
      let names = CommandTable.commands.flatMap { [$0.name] + $0.aliases.filter { $0.count > 2 } }
      return Completion(start: start, candidates: Self.filter(names.sorted(), prefix))
    }
    guard let command = try? CommandTable.find(split.words[0].prefix { $0 != "/" }.description) else {
      return Completion(start: start, candidates: [])
    }
    if prefix.hasPrefix("-") {
      return Completion(
        start: start, candidates: Self.filter((command.options + Arguments.common).sorted(), prefix))
    }
    let argument = command.arguments.dropFirst(position - 1).first ?? command.arguments.last ?? .nothing
    return Completion(start: start, candidates: Self.filter(words(for: argument, prefix), prefix))
  }

  private static func filter(_ words: [String], _ prefix: String) -> [String] {
    Array(words.filter { $0.hasPrefix(prefix) }.prefix(completionLimit))
  }

  private func words(for argument: Command.Argument, _ prefix: String) -> [String] {
    switch argument {
    case .nothing: return []
    case .command: return CommandTable.commands.map(\.name).sorted()
    case .symbol: return symbols?.names(beginning: prefix, limit: Self.completionLimit) ?? []
    case .domain, .object, .slot, .capabilityType: break
    }
    guard let snapshot = lastSnapshot ?? (try? self.snapshot()) else { return [] }
    let domains = snapshot.names.domainList
    switch argument {
    case .domain: return domains.sorted()
    case .slot: return (domains.map { $0 + ":" } + slotNames(snapshot)).sorted()
    case .capabilityType:
      return (Array(layouts.capability.typeNames.values) + domains + slotNames(snapshot)).sorted()
    default: return (domains + slotNames(snapshot)).sorted()
    }
  }

  private func slotNames(_ snapshot: Snapshot) -> [String] {
    snapshot.filledSlots.map { snapshot.names.name(of: $0) }
  }
}
