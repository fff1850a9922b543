internal import BenchInstructions
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// Retype, and what CNodes do.
extension Workshop {
  private static let count: UInt64 = 1024

  mutating func capabilityRows() throws(Refusal) {
    try retypeRow("retype-endpoint", .endpoint)
    try retypeRow("retype-cnode", .cnode, sizeBits: 4)
    try retypeRow("retype-frame", .frame)
    try cnodeRows()
    try revokeRow()
  }

  private mutating func retypeRow(_ name: StaticString, _ type: CapabilityType, sizeBits: UInt64 = 0)
    throws(Refusal)
  {
    let retype = bench_registers(
      .untypedRetype, on: arena.pointer, [UInt64(type.rawValue), sizeBits, 1, cnode.pointer.rawValue, 1])
    report(name, try Counter.measure(retype, count: Self.count, steps: [0, 0, 0, 0, 1, 0]))
    try allocator.cnode.revoke(arena.pointer.rawValue)
    try arena.reset()
  }

  /// Slot 1 holds an endpoint, slots 2 on the capabilities made of it, then those moved.
  private func cnodeRows() throws(Refusal) {
    try arena.retype(.endpoint, into: cnode, at: 1)
    let own = cnode.pointer.rawValue
    let first: UInt64 = 2
    let all = UInt64(Rights.all.rawValue)
    let copy = bench_registers(.cnodeCopy, on: cnode.pointer, [first, own, 1, all])
    report("copy", try Counter.measure(copy, count: Self.count, steps: [1, 0, 0, 0, 0, 0]))
    let move = bench_registers(.cnodeMove, on: cnode.pointer, [first + Self.count, own, first])
    report("move", try Counter.measure(move, count: Self.count, steps: [1, 0, 1, 0, 0, 0]))
    let delete = bench_registers(.cnodeDelete, on: cnode.pointer, [first + Self.count])
    report("delete", try Counter.measure(delete, count: Self.count, steps: [1, 0, 0, 0, 0, 0]))
    let mint = bench_registers(.cnodeMint, on: cnode.pointer, [first, own, 1, all, 1])
    report("mint", try Counter.measure(mint, count: Self.count, steps: [1, 0, 0, 0, 1, 0]))
    try cnode.revoke(1)
    try cnode.delete(1)
    try arena.reset()
  }

  private func revokeRow() throws(Refusal) {
    let children: UInt64 = 1000
    try arena.retype(.endpoint, into: cnode, at: 1)
    for index in 0..<children { try cnode.mint(to: 2 + index, from: slot(1), badge: 1 + index) }
    let revoke = bench_registers(.cnodeRevoke, on: cnode.pointer, [1])
    report("revoke-child", Counter.rounded(try Counter.measure(revoke, count: 1), dividedBy: children))
    try cnode.delete(1)
    try arena.reset()
  }
}
