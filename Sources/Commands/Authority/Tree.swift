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
    let columns =
      [.init("SLOT", "slot"), .jsonOnly("depth"), .jsonOnly("derivedFrom")] + Snapshot.capabilityColumns
    let top = nodes.first?.depth ?? 0
    let names = NameCells(snapshot)
    return Table(columns, count: nodes.count) { index, row in
      let node = nodes[nodes.startIndex + index]
      let slot = snapshot.slots.records[node.position]
      let depth = node.depth - top
      names.add(slot, indentedBy: min(depth, indentationLimit), to: &row)
      row.add(number: UInt64(clamping: depth))
      row.add(names.parent(node.parent))
      guard !slot.capability.isNull else { return Snapshot.capabilityColumns.forEach { _ in row.add(.none) } }
      snapshot.addCapabilityCells(of: slot, object: names.object(slot.capability), to: &row)
    }
  }
}
