internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// A root domain that creates, copies, moves, revokes and deletes capabilities as fast as it can, for ever: to see
/// whether a debugger that looks on ever sees half of a change. Argument: virtual address of `BootInfo`.
@main
struct Churn {
  /// Of the one capability that is moved about: in every moment exactly one slot holds it.
  private static let tokenBadge: UInt64 = 0x70c0
  private static let radix: UInt64 = 6
  /// The token moves between these slots.
  private static let tokenSlots: UInt64 = 8
  /// Then the original of what is minted, and its children.
  private static let original: UInt64 = 8
  private static let children: UInt64 = 16

  static func main() {
    let program = Program(name: "churn")
    let bootInfo = unsafe program.bootInfo()
    do {
      var allocator = try unsafe ObjectAllocator(bootInfo.pointee)
      let cnode = CNodeCapability(try allocator.objects(.cnode, sizeBits: radix))
      let arena = UntypedCapability(try allocator.objects(.untyped, sizeBits: 16))
      let endpoint = try allocator.endpoint()
      try cnode.mint(to: 0, from: allocator.slot(of: endpoint.pointer), badge: tokenBadge)
      program.console.print("begins")
      var round: UInt64 = 0
      while true {
        try moveToken(cnode, round)
        try makeAndRevoke(cnode, arena, allocator.cnode, round)
        round &+= 1
      }
    } catch {
      program.stop(at: "churn", error)
    }
  }

  private static func moveToken(_ cnode: CNodeCapability, _ round: UInt64) throws(Refusal) {
    let here = round % tokenSlots
    try cnode.move(to: (here + 1) % tokenSlots, from: SlotReference(cnode, here))
  }

  /// A new object, capabilities derived from its first and from each other, and the end of all of them.
  private static func makeAndRevoke(
    _ cnode: CNodeCapability, _ arena: UntypedCapability, _ root: CNodeCapability, _ round: UInt64
  ) throws(Refusal) {
    let isTable = round.isMultiple(of: 4)
    try arena.retype(isTable ? .cnode : .endpoint, sizeBits: isTable ? 4 : 0, into: cnode, at: original)
    for index in 1...children {
      let parent = SlotReference(cnode, index.isMultiple(of: 3) ? original + index - 1 : original)
      try cnode.copy(to: original + index, from: parent)
    }
    try cnode.rotate(destination: original + children + 1, pivot: original + 1, source: original + 2)
    try cnode.delete(original + 3)
    try cnode.revoke(original)
    try root.revoke(arena.pointer.rawValue)
    try arena.reset()
  }
}
