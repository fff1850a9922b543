/// The walk that makes a ``DerivationTree``. A structure, since each access to a class's variable is checked for being the
/// only one.
struct DerivationWalk {
  private(set) var preorder: [DerivationTree.Node] = []
  /// Positions in `preorder`, by the slots' positions in the snapshot; negative for those that are not entered yet.
  private(set) var positions: [Int32]
  private(set) var findings: [Finding] = []
  private let slots: SlotTable
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

  private mutating func walk(from root: Int, _ meter: WorkMeter) {
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
  private mutating func unentered(
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

  private mutating func checkNext(of slot: Int, _ address: UInt64, below parent: UInt64) {
    let next = slots.records[slot].next
    if slots.records[slot].nextIsParent, next != parent {
      find(address, "next", "its parent link leads to \(hexadecimal(next)), not to \(hexadecimal(parent))")
    } else if !slots.records[slot].nextIsParent, next == 0 {
      find(address, "next", "its list of siblings ends without a link to the parent")
    }
  }

  private mutating func enter(_ slot: Int, _ address: UInt64, parent: UInt64, depth: Int) {
    positions[slot] = Int32(preorder.count)
    preorder.append(DerivationTree.Node(slot: address, position: slot, parent: parent, depth: depth))
  }

  private mutating func find(_ slot: UInt64, _ field: String, _ text: String) {
    guard findings.count < Self.findingLimit else { return }
    findings.append(Finding(object: "slot \(hexadecimal(slot))", field: field, text: text))
  }
}
