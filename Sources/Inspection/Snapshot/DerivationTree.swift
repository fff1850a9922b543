/// Which capability was derived from which: the kernel's derivation tree, checked while it is walked.
package final class DerivationTree {
  /// One slot of the tree in the order of a walk.
  package struct Node: Sendable {
    package let slot: UInt64
    /// Position in ``SlotTable/records``.
    package let position: Int
    /// Physical address of the slot it was derived from; 0 for a root.
    package let parent: UInt64
    package let depth: Int
  }

  /// Every slot, parents before their children, siblings in the kernel's order.
  package let preorder: [Node]
  /// Positions in `preorder`, by the slots' positions in the snapshot; negative for those that are not entered yet.
  private let positions: [Int32]
  private let slots: SlotTable
  package let findings: [Finding]

  init(_ snapshot: Snapshot) {
    slots = snapshot.slots
    let walk = DerivationWalk(snapshot)
    preorder = walk.preorder
    positions = walk.positions
    findings = walk.findings
  }

  /// Position in `preorder`.
  private func position(of slot: UInt64) -> Int? {
    guard let position = slots.position(of: slot), positions[position] >= 0 else { return nil }
    return Int(positions[position])
  }

  /// The slot a capability was derived from; nil for a root.
  package func parent(of slot: UInt64) -> UInt64? {
    guard let position = position(of: slot), preorder[position].parent != 0 else { return nil }
    return preorder[position].parent
  }

  /// How many capabilities were derived directly from each slot that has any.
  package var childCounts: [UInt64: Int] {
    var counts: [UInt64: Int] = [:]
    var parent: UInt64 = 0
    var count = 0
    // Neighbours mostly have the same parent.
    for node in preorder {
      if node.parent != parent {
        if count > 0 { counts[parent, default: 0] += count }
        (parent, count) = (node.parent, 0)
      }
      count += 1
    }
    if count > 0 { counts[parent, default: 0] += count }
    return counts
  }

  /// Slots in the order in which a walk comes to them.
  package func ordered(_ slots: [UInt64]) -> [UInt64] {
    slots.sorted { (position(of: $0) ?? 0) < (position(of: $1) ?? 0) }
  }

  /// The slot and everything derived from it, in order.
  package func subtree(of slot: UInt64) -> ArraySlice<Node> {
    guard let start = position(of: slot) else { return [] }
    var end = start + 1
    while end < preorder.count, preorder[end].depth > preorder[start].depth { end += 1 }
    return preorder[start..<end]
  }

  /// The capabilities derived directly from a slot.
  package func children(of slot: UInt64) -> [UInt64] {
    subtree(of: slot).filter { $0.parent == slot }.map(\.slot)
  }
}
