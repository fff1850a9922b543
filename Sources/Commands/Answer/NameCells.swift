internal import Inspection

/// The names of a long list, in which the same objects and slots are named again and again.
final class NameCells {
  private let snapshot: Snapshot
  private var objects: [ObjectID: Cell] = [:]
  private var lastObject: (object: ObjectID, cell: Cell)?
  private var lastParent: (slot: UInt64, cell: Cell) = (0, .none)

  init(_ snapshot: Snapshot) { self.snapshot = snapshot }

  /// What ``Snapshot/objectCell(_:)`` is.
  func object(_ capability: CapabilityRecord) -> Cell {
    guard let object = capability.object else { return .none }
    if let lastObject, lastObject.object == object { return lastObject.cell }
    // Slices and lines are told apart by more than that.
    guard capability.address != 0 else { return snapshot.objectCell(capability) }
    let known = objects[object]
    let cell = known ?? snapshot.objectCell(capability)
    if known == nil { objects[object] = cell }
    lastObject = (object, cell)
    return cell
  }

  /// The slot itself.
  func add(_ slot: SlotRecord, indentedBy depth: Int, to row: inout RowWriter) {
    guard case .cnode(let address, let index) = slot.holder else {
      return row.add(.indented(snapshot.names.name(of: slot), by: depth))
    }
    row.add(element: index, of: snapshot.names.name(ofCNode: address), indentedBy: depth)
  }

  /// A slot that others were derived from; neighbours in a list mostly have the same.
  func parent(_ slot: UInt64) -> Cell {
    if slot == 0 { return .none }
    if slot != lastParent.slot { lastParent = (slot, .text(snapshot.names.name(ofSlot: slot))) }
    return lastParent.cell
  }
}
