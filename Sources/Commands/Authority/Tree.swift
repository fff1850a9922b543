internal import Inspection

extension Command {
  static let tree = Command(
    "tree", aliases: ["derivation"],
    summary: "Show what was derived from what: the derivation tree",
    usage: "[CAP]",
    discussion: """
      Each capability stands below the one it was copied, minted or retyped from; revoking one removes all below \
      it. CAP is a slot such as `root.cnode[8]` or DOMAIN:CPTR; without it the tree is shown from its origin.
      """,
    example: "tree root.cnode[8]", arguments: [.slot], wordCount: 0...1
  ) { session, arguments throws(CommandError) in
    let snapshot = try session.snapshot()
    var nodes = snapshot.tree.preorder[...]
    if let word = arguments.words.first {
      nodes = snapshot.tree.subtree(of: try session.slot(word, in: snapshot))
    }
    var answer = Answer("tree", treeTable(nodes, snapshot))
    answer.add(trustIn: snapshot)
    return answer
  }

  /// Deeper capabilities are not indented further.
  private static let indentationLimit = 32

  static func treeTable(_ nodes: ArraySlice<DerivationTree.Node>, _ snapshot: Snapshot) -> Table {
    var table = Table(
      [.init("SLOT", "slot"), .jsonOnly("depth"), .jsonOnly("derivedFrom")] + Snapshot.capabilityColumns)
    let top = nodes.first?.depth ?? 0
    snapshot.meter.begin(.showing, total: nodes.count)
    for node in nodes where snapshot.meter.advance() {
      guard let slot = snapshot.slots[node.slot] else { continue }
      let depth = node.depth - top
      let name = snapshot.names.name(of: slot)
      let indentation = String(repeating: "  ", count: min(depth, indentationLimit))
      table.add(
        [Cell(indentation + name, json: .string(name)), .number(depth), snapshot.derivedFromCell(node.slot)]
          + (slot.capability.isNull
            ? Array(repeating: .none, count: Snapshot.capabilityColumns.count)
            : snapshot.capabilityCells(slot)))
    }
    return table
  }
}
