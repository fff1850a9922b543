/// Which capability was derived from which: the kernel's derivation tree, checked while it is walked.
package struct DerivationTree: Sendable {
  /// One slot of the tree in the order of a walk.
  package struct Node: Sendable {
    package let slot: UInt64
    /// Physical address of the slot it was derived from; 0 for a root.
    package let parent: UInt64
    package let depth: Int
  }

  /// Every slot, parents before their children, siblings in the kernel's order.
  package private(set) var preorder: [Node] = []
  /// Positions in `preorder`.
  private var positions: [UInt64: Int] = [:]
  package private(set) var findings: [Finding] = []
  private static let findingLimit = 256

  init(_ snapshot: Snapshot) {
    snapshot.meter.begin(.sorting, total: snapshot.slots.count)
    for root in Self.roots(of: snapshot) where positions[root] == nil { walk(from: root, snapshot) }
    for slot in snapshot.slots.keys.sorted() where positions[slot] == nil {
      find(slot, "previous", "is not reached from the root of the derivation tree")
      walk(from: slot, snapshot)
    }
  }

  /// The origin, then the slots that say they are in no list of siblings.
  private static func roots(of snapshot: Snapshot) -> [UInt64] {
    let origins = snapshot.slots.values.filter { $0.holder == .origin }
    let outside = snapshot.slots.values.filter { $0.holder != .origin && $0.next == 0 }
    return origins.map(\.address) + outside.map(\.address).sorted()
  }

  private mutating func walk(from root: UInt64, _ snapshot: Snapshot) {
    enter(root, parent: 0, depth: 0)
    var path = [(slot: root, next: snapshot.slots[root]?.child ?? 0)]
    while let (parent, child) = path.last, snapshot.meter.advance() {
      guard child != 0 else {
        path.removeLast()
        continue
      }
      guard positions[child] == nil else {
        find(parent, "child", "the derivation tree comes back to \(hexadecimal(child))")
        path[path.count - 1].next = 0
        continue
      }
      guard let slot = snapshot.slots[child] else {
        find(parent, "child", "\(hexadecimal(child)) is derived from it but holds no capability")
        path[path.count - 1].next = 0
        continue
      }
      if slot.nextIsParent, slot.next != parent {
        find(
          child, "next", "its parent link leads to \(hexadecimal(slot.next)), not to \(hexadecimal(parent))")
      } else if !slot.nextIsParent, slot.next == 0 {
        find(child, "next", "its list of siblings ends without a link to the parent")
      }
      enter(child, parent: parent, depth: path.count)
      path[path.count - 1].next = slot.nextIsParent ? 0 : slot.next
      path.append((child, slot.child))
    }
  }

  private mutating func enter(_ slot: UInt64, parent: UInt64, depth: Int) {
    positions[slot] = preorder.count
    preorder.append(Node(slot: slot, parent: parent, depth: depth))
  }

  private mutating func find(_ slot: UInt64, _ field: String, _ text: String) {
    guard findings.count < Self.findingLimit else { return }
    findings.append(Finding(object: "slot \(hexadecimal(slot))", field: field, text: text))
  }

  /// The slot a capability was derived from; nil for a root.
  package func parent(of slot: UInt64) -> UInt64? {
    guard let position = positions[slot], preorder[position].parent != 0 else { return nil }
    return preorder[position].parent
  }

  /// The slot and everything derived from it, in order.
  package func subtree(of slot: UInt64) -> ArraySlice<Node> {
    guard let start = positions[slot] else { return [] }
    var end = start + 1
    while end < preorder.count, preorder[end].depth > preorder[start].depth { end += 1 }
    return preorder[start..<end]
  }

  /// The capabilities derived directly from a slot.
  package func children(of slot: UInt64) -> [UInt64] {
    subtree(of: slot).filter { $0.parent == slot }.map(\.slot)
  }
}
