internal import BenchInstructions
internal import KernelObjects
internal import LibVesper

/// Domains that wait: what ends their waits, and what walks along their chains.
extension Yard {
  private static let waiterCount: UInt64 = 256
  private static let depth: UInt64 = 8

  func queueRows() throws(Refusal) {
    try make(.endpoint, at: 0)
    try root.mint(to: firstSlot + 1, from: slot(0), badge: 7)
    try waiters(bench_registers(.send, on: pointer(1)))
    try longest("cancel-badged-sends") { () throws(Refusal) in try root.cancelBadgedSends(firstSlot + 1) }
    try clear()

    try make(.endpoint, at: 0)
    try waiters(bench_registers(.send, on: pointer(0)))
    try longest("delete-endpoint") { () throws(Refusal) in try root.delete(firstSlot) }
    try clear()

    try make(.notification, at: 0)
    try waiters(bench_registers(.receive, on: pointer(0)))
    try longest("delete-notification") { () throws(Refusal) in try root.delete(firstSlot) }
    try clear()
  }

  /// Makes domains that make one system call and wait.
  private func waiters(_ call: bench_registers) throws(Refusal) {
    try make(.domain, count: Self.waiterCount, at: 2)
    for index in 0..<Self.waiterCount { try run(DomainCapability(pointer(2 + index)), 0, call) }
  }

  /// Lets a domain make two system calls, the second of which, or else the first, it waits in. `side` tells which of
  /// eight it uses; those that wait in the first call may share one.
  private func run(
    _ domain: DomainCapability, _ side: Int, _ first: bench_registers, _ second: bench_registers? = nil,
    in space: CNodeCapability? = nil
  ) throws(Refusal) {
    // Safety: the program's own memory, eight sides side by side; the domain that used it last waits.
    guard let sides = unsafe bench_sides() else { throw Refusal(.invalidArgument) }
    let own = unsafe sides + side
    unsafe own.pointee = bench_side()
    unsafe own.pointee.first = first
    if let second { unsafe own.pointee.second = second }
    try domain.configure(
      cnode: space ?? root, protectionDomain: workshop.protectionDomain, faultEndpoint: nil)
    try time.bind(to: domain)
    try domain.start(
      programCounter: bench_partner_address(), stackPointer: 0,
      arguments: [UInt64(UInt(bitPattern: own)), 0, 0])
    Processor.yield()
  }

  /// All slots of the vector but one belong to a domain that waits for one that waits for one, and so on, so the walk
  /// for the next that can run looks at eight domains in each.
  func walkRows() throws(Refusal) {
    try make(.endpoint, count: Self.depth, at: 0)
    try make(.notification, at: 10)
    try make(.domain, count: Self.depth, at: 20)
    try domainWithAll(at: 30)
    for index in 0..<Self.depth {
      let receive = bench_registers(.receive, on: pointer(index))
      let wait = bench_registers(.receive, on: pointer(10))
      let call = bench_registers(.call, on: pointer(max(1, index) - 1))
      let domain = DomainCapability(pointer(20 + index))
      switch index {
      case 0: try run(domain, 0, receive, wait)
      case Self.depth - 1: try run(domain, Int(index), call)
      default: try run(domain, Int(index), receive, call)
      }
    }
    try longest("yield") { () throws(Refusal) in Processor.yield() }
    try longest("tick") { () throws(Refusal) in
      try configureAnew(at: 30)
      let start = bench_counter()
      // A tick comes each 10,000,000 instructions.
      while bench_counter() - start < 4 * 10_000_000 / Counter.instructionsPerCount {}
    }
    try clear()
  }

  /// Capability pointers that are resolved in 63 steps, four in one call.
  func lookUpRow() throws(Refusal) {
    try make(.cnode, sizeBits: 1, at: 0)
    try make(.cnode, sizeBits: 2, at: 1)
    try make(.domain, count: 2, at: 2)
    try make(.endpoint, at: 4)
    let node = CNodeCapability(pointer(0))
    let leaf = CNodeCapability(pointer(1))
    // 61 times the node itself, then the leaf.
    try node.copy(to: 1, from: slot(0))
    try node.copy(to: 0, from: slot(1))
    try leaf.copy(to: 0, from: slot(3))
    try leaf.copy(to: 1, from: slot(0))
    try leaf.copy(to: 2, from: SlotReference(root, workshop.protectionDomain.pointer.rawValue))
    try leaf.copy(to: 3, from: slot(4))
    let deep = UInt64.max << 3
    let configure = bench_registers(
      .domainConfigure, on: CapabilityPointer(rawValue: deep), [deep + 1, deep + 2, deep + 3])
    try longest("look-up") { () throws(Refusal) in
      try run(
        DomainCapability(pointer(2)), 0, configure,
        bench_registers(.receive, on: CapabilityPointer(rawValue: deep + 3)), in: node)
    }
    // Safety: as in `run`; the domain waits.
    guard let sides = unsafe bench_sides(), unsafe sides.pointee.status == Status.ok.rawValue else {
      throw Refusal(.invalidArgument)
    }
    try clear()
  }
}
