internal import KernelObjects
internal import LibVesper
internal import SelfTestInstructions

/// One attacker from its making to its end, watched by the root domain.
struct Attack {
  private let domain: DomainCapability
  private let faults: EndpointCapability
  private let record: UInt64

  /// Whether the attacker has lost what it needs to run.
  private(set) var isOver = false

  /// `service` is the endpoint of a server that must not come to harm.
  init(_ t: inout Trial, seed: UInt64, service: EndpointCapability) throws(Refusal) {
    let space = try IsolatedSpace(&t)
    record = space.record
    faults = try t.endpoint()
    let badged = EndpointCapability(try t.badged(faults.pointer, 1))
    let cnode = try t.wholeCNode(radix: AttackerSlot.radix)
    domain = DomainCapability(try t.make(.domain))
    try domain.configure(cnode: cnode, protectionDomain: space.protectionDomain, faultEndpoint: badged)
    try Self.arm(&t, cnode, domain, space, service)
    // Derived from what is not the case's, it must end with the attacker.
    try cnode.move(to: (1 << AttackerSlot.radix) - 1, from: t.slot(space.program.pointer))
    let time = t.laboratory.helperTimes[0]
    try time.bind(to: domain)
    try domain.start(
      programCounter: selftest_attacker_address(), stackPointer: HelperMemory.stackEnd(record),
      arguments: [record, seed, 0])
  }

  /// Gives the attacker its capabilities: copies where there can be, else the thing itself.
  private static func arm(
    _ t: inout Trial, _ cnode: CNodeCapability, _ domain: DomainCapability, _ space: IsolatedSpace,
    _ service: EndpointCapability
  ) throws(Refusal) {
    let victim = DomainCapability(try t.make(.domain))
    let empty = try t.protectionDomain()
    try victim.configure(cnode: cnode, protectionDomain: empty, faultEndpoint: nil)
    let endpoint = try t.make(.endpoint)
    let notification = try t.make(.notification)
    try cnode.copy(to: AttackerSlot.cnode.rawValue, from: t.slot(cnode.pointer))
    try cnode.copy(to: AttackerSlot.domain.rawValue, from: t.slot(domain.pointer))
    try cnode.copy(to: AttackerSlot.emptyProtectionDomain.rawValue, from: t.slot(empty.pointer))
    try cnode.move(to: AttackerSlot.untyped.rawValue, from: t.slot(try t.untyped(16).pointer))
    try cnode.copy(to: AttackerSlot.endpoint.rawValue, from: t.slot(endpoint))
    try cnode.mint(to: AttackerSlot.badgedEndpoint.rawValue, from: t.slot(endpoint), badge: 3)
    try cnode.copy(to: AttackerSlot.notification.rawValue, from: t.slot(notification))
    try cnode.mint(to: AttackerSlot.badgedNotification.rawValue, from: t.slot(notification), badge: 5)
    try cnode.move(to: AttackerSlot.segment.rawValue, from: t.slot(try t.segment().pointer))
    try cnode.move(to: AttackerSlot.frame.rawValue, from: t.slot(try t.frame().pointer))
    try cnode.move(to: AttackerSlot.otherFrame.rawValue, from: t.slot(try t.frame().pointer))
    try cnode.move(to: AttackerSlot.pageTable.rawValue, from: t.slot(try t.make(.pageTable)))
    try t.laboratory.spareTime.split(
      keeping: Laboratory.spareSlices - 2, restTo: SlotReference(cnode, AttackerSlot.timeSlice.rawValue))
    try t.laboratory.irqControl.get(
      210, .edge, into: SlotReference(cnode, AttackerSlot.irqHandler.rawValue))
    try cnode.copy(to: AttackerSlot.victim.rawValue, from: t.slot(victim.pointer))
    try cnode.copy(
      to: AttackerSlot.ownProtectionDomain.rawValue, from: t.slot(space.protectionDomain.pointer))
    try cnode.mint(
      to: AttackerSlot.service.rawValue, from: t.slot(service.pointer), rights: .call, badge: 0xbad)
  }

  var calls: UInt64 { Memory.read(record) }

  /// Of the system calls so far, how many ended with `status`.
  func outcomes(_ status: Status) -> UInt64 { Memory.read(record + 8 + 8 * status.rawValue) }

  /// Lets the attacker run until it has made so many calls, answering its faults and waking it when it waits.
  mutating func run(until limit: UInt64) throws(Refusal) {
    var last = calls
    while calls < limit, !isOver {
      Processor.yield()
      if let fault = try? faults.nonBlockingReceive() {
        // Only a system call that there is not; anything else would happen again for ever.
        isOver = Fault(fault).kind != .unknownSystemCall
        try ReplyCapability.reply(Message(label: isOver ? 1 : 0))
      } else if calls == last {
        try domain.suspend()
        try domain.resume()
      }
      last = calls
    }
  }
}
