internal import BenchInstructions
internal import KernelObjects
internal import LibVesper
internal import RootSupport

// The longest kernel entry of each operation that has no small bound, with what makes it longest. The entries are counted
// from outside, by the plugin in Entries/: all that is done here is to let them happen between two marks.

extension Workshop {
  mutating func longestRows() throws(Refusal) {
    let yard = try Yard(&self)
    try yard.derivationRows()
    try yard.deletionRows()
    try yard.retypeRows()
    try yard.tableRows()
    try yard.queueRows()
    try yard.lookUpRow()
    try yard.walkRows()
    try yard.giveBack()
  }
}

/// Room for large numbers of objects. Everything made in it is revoked at the end of a row.
struct Yard {
  let workshop: Workshop
  /// 64 MiB.
  let arena: UntypedCapability
  /// Slots of the root CNode, so that they are capability pointers.
  let firstSlot: UInt64
  static let slotCount: UInt64 = 1024
  /// Slots of the slice vector that nobody else uses.
  let time: TimeSliceCapability

  var root: CNodeCapability { workshop.allocator.cnode }
  /// 4,096 slots.
  var cnode: CNodeCapability { workshop.cnode }

  init(_ workshop: inout Workshop) throws(Refusal) {
    arena = UntypedCapability(try workshop.allocator.objects(.untyped, sizeBits: 26))
    firstSlot = try workshop.allocator.slots(Self.slotCount)
    let slot = try workshop.allocator.slots()
    try TimeSliceCapability(BootInfo.RootSlot.timeSlice.pointer)
      .split(keeping: 1, restTo: SlotReference(workshop.allocator.cnode, slot))
    time = TimeSliceCapability(CapabilityPointer(rawValue: slot))
    self.workshop = workshop
  }

  /// Capability pointer of a slot of the root CNode.
  func pointer(_ index: UInt64) -> CapabilityPointer { CapabilityPointer(rawValue: firstSlot + index) }

  func slot(_ index: UInt64) -> SlotReference { SlotReference(root, firstSlot + index) }

  /// Makes objects whose capabilities come into slots of the root CNode from `index` on, or of another CNode.
  func make(
    _ type: CapabilityType, sizeBits: UInt64 = 0, count: UInt64 = 1, at index: UInt64,
    in other: CNodeCapability? = nil
  ) throws(Refusal) {
    var made: UInt64 = 0
    while made < count {
      let batch = min(count - made, Self.batchLimit)
      try arena.retype(
        type, sizeBits: sizeBits, count: batch, into: other ?? root,
        at: (other == nil ? firstSlot : 0) + index + made)
      made += batch
    }
  }

  /// The kernel makes no more objects than this at once.
  static let batchLimit: UInt64 = 256

  /// Lets an operation happen, and names the row to whoever reads what the plugin counted.
  func longest(_ name: StaticString, _ operation: () throws(Refusal) -> Void) throws(Refusal) {
    bench_mark()
    try operation()
    bench_mark()
    workshop.name(row: name)
  }

  func giveBack() throws(Refusal) { try root.delete(time.pointer.rawValue) }

  /// Takes everything back.
  func clear() throws(Refusal) {
    try root.revoke(arena.pointer.rawValue)
    try arena.reset()
  }
}
