internal import BenchInstructions
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// Two domains in ProtectionDomains of their own that take turns, in the code and memory of this program.
struct Pair {
  let active: DomainCapability
  let partner: DomainCapability
  /// Badged for the active domain's faults.
  let faults: EndpointCapability
  private let done: EndpointCapability

  /// Virtual address of two stacks.
  private let stacks: UInt64
  /// A page each, in bytes.
  private static let stackSize: UInt64 = 1 << AddressSpace.pageBits

  /// Makes them, and gives them every other slot of the slice vector but the first.
  init(_ workshop: inout Workshop) throws(Refusal) {
    done = try workshop.allocator.endpoint()
    faults = try workshop.allocator.endpoint()
    active = try workshop.domain("active", faultEndpoint: faults)
    partner = try workshop.domain("partner", faultEndpoint: nil)
    stacks = try workshop.mapPages(2)
    let time = TimeSliceCapability(BootInfo.RootSlot.timeSlice.pointer)
    for position in (1..<KernelState.sliceCount).reversed() {
      let slot = try workshop.allocator.slots()
      try time.split(keeping: position, restTo: SlotReference(workshop.allocator.cnode, slot))
      try TimeSliceCapability(CapabilityPointer(rawValue: slot))
        .bind(to: position % 2 == 0 ? active : partner)
    }
  }

  /// What an exchange took, in instructions: sums of all exchanges.
  struct Sums {
    var exchanges: UInt64
    var first: UInt64
    var toPartner: UInt64
    var fromPartner: UInt64
    var partnerFirst: UInt64
    var total: UInt64
  }

  /// How a run begins and what it does.
  struct Run {
    /// Addresses of their loops.
    var entry: UInt64
    var partnerEntry = bench_partner_address()
    var first = bench_registers()
    var second = bench_registers()
    var partnerFirst = bench_registers()
    var partnerSecond = bench_registers()
    /// Virtual address of the PL031's registers, or 0.
    var device: UInt64 = 0
    /// Virtual address of the partner's control block, or 0, and which activations of it count.
    var block: UInt64 = 0
    var reason = ActivationReason(rawValue: 0)
  }

  private static let exchanges: UInt64 = 1024

  /// Runs the exchanges twice if the first time shows that a loop's length is even.
  func measure(_ run: Run) throws(Refusal) -> Sums {
    var sums = try exchange(run, padding: 0)
    let length = Counter.rounded(sums.total, dividedBy: Self.exchanges)
    if length % 2 == 0 { sums = try exchange(run, padding: 1) }
    return sums
  }

  /// Lets both run the same code for ever, each counting its rounds in its own side's `count`.
  func runAlike() throws(Refusal) {
    // Safety: as in `exchange`; nothing reads the sides from here on.
    guard let own = unsafe bench_sides() else { throw Refusal(.invalidArgument) }
    let domains: InlineArray<2, DomainCapability> = [active, partner]
    for index in domains.indices {
      let side = unsafe own + index
      unsafe side.pointee = bench_side()
      try domains[index].start(
        programCounter: bench_alike_address(), stackPointer: stacks + UInt64(index + 1) * Self.stackSize,
        arguments: [UInt64(UInt(bitPattern: side)), 0, 0])
    }
  }

  private func exchange(_ run: Run, padding: UInt64) throws(Refusal) -> Sums {
    // Safety: the program's own memory, two sides side by side; while the domains run this one waits.
    guard let own = unsafe bench_sides() else { throw Refusal(.invalidArgument) }
    let other = unsafe own + 1
    unsafe own.pointee = bench_side()
    unsafe other.pointee = bench_side()
    unsafe own.pointee.first = run.first
    unsafe own.pointee.second = run.second
    unsafe own.pointee.count = Self.exchanges
    unsafe own.pointee.padding = padding
    unsafe own.pointee.device = run.device
    unsafe own.pointee.partner = other
    unsafe own.pointee.done = bench_registers(.call, on: done.pointer)
    unsafe other.pointee.first = run.partnerFirst
    unsafe other.pointee.second = run.partnerSecond
    unsafe other.pointee.device = run.device
    unsafe other.pointee.block = run.block
    unsafe other.pointee.reason = run.reason.rawValue
    try partner.start(
      programCounter: run.partnerEntry, stackPointer: stacks + Self.stackSize,
      arguments: [UInt64(UInt(bitPattern: other)), 0, 0])
    // It runs until it waits for the active domain.
    Processor.yield()
    try active.start(
      programCounter: run.entry, stackPointer: stacks + 2 * Self.stackSize,
      arguments: [UInt64(UInt(bitPattern: own)), 0, 0])
    _ = try done.receive()
    try active.suspend()
    try partner.suspend()
    let status = unsafe own.pointee.status | other.pointee.status
    guard status == Status.ok.rawValue else {
      throw Refusal(rawStatus: status, argument: 0, detail: 0, label: 0)
    }
    let unit = Counter.instructionsPerCount
    return unsafe Sums(
      exchanges: Self.exchanges, first: own.pointee.first_call * unit,
      toPartner: own.pointee.to_partner * unit,
      fromPartner: own.pointee.from_partner * unit, partnerFirst: other.pointee.first_call * unit,
      total: own.pointee.total * unit)
  }
}

extension Workshop {
  /// A domain that shares this program's memory and capabilities, but not its ProtectionDomain.
  fileprivate mutating func domain(_ name: StaticString, faultEndpoint: EndpointCapability?) throws(Refusal)
    -> DomainCapability
  {
    let protectionDomain = ProtectionDomainCapability(try allocator.objects(.protectionDomain))
    let segment = SegmentCapability(try allocator.copy(programSegment.pointer))
    try allocator.attach(segment, to: protectionDomain, rights: .all)
    let domain = DomainCapability(try allocator.objects(.domain))
    try domain.setName(DomainName(name))
    try domain.configure(
      cnode: allocator.cnode, protectionDomain: protectionDomain, faultEndpoint: faultEndpoint)
    return domain
  }
}
