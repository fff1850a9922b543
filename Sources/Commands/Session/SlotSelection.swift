internal import Inspection

extension CommandSession {
  /// The resolution of `DOMAIN:CPTR`; nil if the word is not of that form.
  func lookup(_ word: String, in snapshot: Snapshot) throws(CommandError) -> CapabilityLookup? {
    guard let colon = word.firstIndex(of: ":") else { return nil }
    let domain = try select(.domain, String(word[..<colon]), in: snapshot)
    let text = String(word[word.index(after: colon)...])
    guard let pointer = Snapshot.number(text) else {
      throw CommandError(.usage, "`\(text.printable)` is no capability pointer; write 0x12 or 18")
    }
    return CapabilityLookup(pointer, root: snapshot.ownSlot("cnode", of: domain)?.capability, in: snapshot)
  }

  /// The slot that a word names: `server:0x3`, `server.cnode[3]`, `irq[34]`, or a physical address.
  func slot(_ word: String, in snapshot: Snapshot) throws(CommandError) -> UInt64 {
    guard let lookup = try lookup(word, in: snapshot) else {
      if let slot = try select(word, in: snapshot).slot { return slot }
      throw CommandError(
        .usage,
        "`\(word.printable)` is an object, not a slot; `caps \(word.printable)` lists its capabilities")
    }
    switch lookup.outcome {
    case .found(let slot): return slot
    case .empty(let slot):
      let name = lookup.steps.last.map { "\(snapshot.names.name(ofCNode: $0.cnode))[\($0.index)]" }
      throw CommandError(.usage, "\(word.printable) is empty: it names \(name ?? hexadecimal(slot))")
    case .failed(let reason):
      throw CommandError(.usage, "\(word.printable) names no capability: \(reason)")
    }
  }
}
