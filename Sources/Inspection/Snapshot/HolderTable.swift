/// For each object the slots that hold a capability to it, those nearest to the root of the derivation tree first.
package struct HolderTable: Sendable {
  private var places: [ObjectID: Int] = [:]
  private var lists: [[UInt64]] = []

  init(_ tree: DerivationTree, _ slots: SlotTable) {
    // Capabilities to the same few objects follow each other.
    var recent: [(object: ObjectID, place: Int)?] = Array(repeating: nil, count: Self.recentCount)
    for node in tree.preorder {
      guard let object = slots.records[node.position].capability.object else { continue }
      let line = Int(truncatingIfNeeded: object.key >> 5) & (Self.recentCount - 1)
      if let known = recent[line], known.object == object {
        lists[known.place].append(node.slot)
      } else {
        recent[line] = (object, add(node.slot, to: object))
      }
    }
  }

  private static let recentCount = 64

  /// Returns the place of the object's list.
  private mutating func add(_ slot: UInt64, to object: ObjectID) -> Int {
    if let place = places[object] {
      lists[place].append(slot)
      return place
    }
    places[object] = lists.count
    lists.append([slot])
    return lists.count - 1
  }

  package subscript(object: ObjectID) -> [UInt64]? {
    places[object].map { lists[$0] }
  }

  /// The objects, in no order.
  package var keys: some Collection<ObjectID> { places.keys }

  package var values: [[UInt64]] { lists }
}
