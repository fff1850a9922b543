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
  package private(set) var preorder: [Node] = []
  /// Positions in `preorder`, by the slots' positions in the snapshot; negative for those that are not entered yet.
  private var positions: [Int32]
  private let slots: SlotTable
  package private(set) var findings: [Finding] = []
  private static let findingLimit = 256

  init(_ snapshot: Snapshot) {
    slots = snapshot.slots
    positions = Array(repeating: -1, count: slots.count)
    preorder.reserveCapacity(slots.count)
    snapshot.meter.begin(.sorting, total: slots.count)
    for root in roots() where positions[root] < 0 { walk(from: root, snapshot.meter) }
    guard preorder.count < slots.count else { return }
    for slot in slots.orderedPositions where positions[slot] < 0 {
      find(slots.records[slot].address, "previous", "is not reached from the root of the derivation tree")
      walk(from: slot, snapshot.meter)
    }
  }

  /// The origin, then the slots that say they are in no list of siblings.
  private func roots() -> [Int] {
    let origins = slots.records.indices.filter { slots.records[$0].holder == .origin }
    let outside = slots.records.indices.filter {
      slots.records[$0].next == 0 && slots.records[$0].holder != .origin
    }
    return origins + outside.sorted { slots.records[$0].address < slots.records[$1].address }
  }

  private func walk(from root: Int, _ meter: WorkMeter) {
    let address = slots.records[root].address
    enter(root, address, parent: 0, depth: 0)
    var last = SlotTable.LastPage()
    var path = [(slot: address, next: slots.records[root].child)]
    while let (parent, child) = path.last, meter.advance() {
      guard child != 0 else {
        path.removeLast()
        continue
      }
      guard let slot = unentered(child, below: parent, after: &last) else {
        path[path.count - 1].next = 0
        continue
      }
      checkNext(of: slot, child, below: parent)
      enter(slot, child, parent: parent, depth: path.count)
      path[path.count - 1].next = slots.records[slot].nextIsParent ? 0 : slots.records[slot].next
      path.append((child, slots.records[slot].child))
    }
  }

  /// The position of a slot that another leads to, unless that is a finding.
  private func unentered(
    _ child: UInt64, below parent: UInt64, after last: inout SlotTable.LastPage
  ) -> Int? {
    guard let slot = slots.position(of: child, after: &last) else {
      find(parent, "child", "\(hexadecimal(child)) is derived from it but holds no capability")
      return nil
    }
    guard positions[slot] < 0 else {
      find(parent, "child", "the derivation tree comes back to \(hexadecimal(child))")
      return nil
    }
    return slot
  }

  private func checkNext(of slot: Int, _ address: UInt64, below parent: UInt64) {
    let next = slots.records[slot].next
    if slots.records[slot].nextIsParent, next != parent {
      find(address, "next", "its parent link leads to \(hexadecimal(next)), not to \(hexadecimal(parent))")
    } else if !slots.records[slot].nextIsParent, next == 0 {
      find(address, "next", "its list of siblings ends without a link to the parent")
    }
  }

  private func enter(_ slot: Int, _ address: UInt64, parent: UInt64, depth: Int) {
    positions[slot] = Int32(preorder.count)
    preorder.append(Node(slot: address, position: slot, parent: parent, depth: depth))
  }

  /// Position in `preorder`.
  private func position(of slot: UInt64) -> Int? {
    guard let position = slots.position(of: slot), positions[position] >= 0 else { return nil }
    return Int(positions[position])
  }

  private func find(_ slot: UInt64, _ field: String, _ text: String) {
    guard findings.count < Self.findingLimit else { return }
    findings.append(Finding(object: "slot \(hexadecimal(slot))", field: field, text: text))
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
