internal import Devices
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// The programs of this system and what connects them: which capabilities each is given, and which time.
struct System {
  /// Of 64; the four that are left are the root domain's.
  private static let slicesPerProgram: UInt64 = 12

  var allocator: ObjectAllocator
  let faultEndpoint: EndpointCapability
  private let archive: Archive
  private let window: SegmentWindow
  private let serverEndpoint: EndpointCapability
  /// All of the slice vector; its first `ownSlices` slots are still the root domain's.
  private let time = TimeSliceCapability(BootInfo.RootSlot.timeSlice.pointer)
  private var ownSlices = KernelState.sliceCount
  /// By member: the root CNode's slot for the right to answer its fault.
  private(set) var faultReplySlots = InlineArray<6, UInt64>(repeating: 0)

  /// Builds and starts everything. `step` is what is being done, to be told if it is refused.
  init(_ bootInfo: borrowing BootInfo, step: inout StaticString) throws(Refusal) {
    step = "archive"
    archive = try Archive(bootInfo)
    step = "root objects"
    allocator = try ObjectAllocator(bootInfo)
    window = try SegmentWindow(allocator: &allocator)
    faultEndpoint = try allocator.endpoint()
    serverEndpoint = try allocator.endpoint()
    try startServerAndClients(&step)
    step = Member.clock.name
    try startClock()
    step = Member.waiter.name
    try startWaiter()
  }

  private mutating func startServerAndClients(_ step: inout StaticString) throws(Refusal) {
    step = "shared memory"
    let shared = try SharedSegment(allocator: &allocator)
    step = Member.server.name
    let server = try load(.server)
    try give(server, .endpoint, serverEndpoint.pointer, rights: .read)
    try shared.attach(to: server.protectionDomain, rights: .read, allocator: &allocator)
    try start(server, shared.address, shared.size)

    step = Member.clientA.name
    let clientA = try load(.clientA)
    try giveServer(to: clientA, badge: 0xa)
    try start(clientA)

    step = Member.clientB.name
    let clientB = try load(.clientB)
    try giveServer(to: clientB, badge: 0xb)
    try shared.attach(to: clientB.protectionDomain, rights: .readWrite, allocator: &allocator)
    try start(clientB, shared.address, shared.size)
  }

  /// The driver of the real time clock gets the device's page and its interrupt.
  private mutating func startClock() throws(Refusal) {
    let clock = try load(.clock)
    let frame = try allocator.deviceFrame(at: Board.realTimeClock)
    try clock.segment.map(frame, at: LoadedProgram.freePage, rights: .readWrite)
    let notification = try allocator.notification()
    try clock.cnode.mint(
      to: ProgramSlot.notification.rawValue, from: allocator.slot(of: notification.pointer), badge: 1)
    let control = IRQControlCapability(BootInfo.RootSlot.irqControl.pointer)
    try control.get(Board.realTimeClockInterrupt, .level, into: clock.slot(.irqHandler))
    let page = try clock.segment.address() + LoadedProgram.freePage << AddressSpace.pageBits
    try start(clock, page)
  }

  /// It calls an endpoint of its own, which nobody else holds a capability to receive from.
  private mutating func startWaiter() throws(Refusal) {
    let waiter = try load(.waiter)
    let endpoint = try allocator.endpoint()
    try give(waiter, .endpoint, endpoint.pointer, rights: .call)
    try start(waiter)
  }
}

extension System {
  private mutating func load(_ member: Member) throws(Refusal) -> LoadedProgram {
    let fault = EndpointCapability(try allocator.badged(faultEndpoint.pointer, UInt64(member.rawValue)))
    let program = try allocator.load(
      member.domainName, try archive.program(named: member.domainName), faultEndpoint: fault, window: window)
    faultReplySlots[member.rawValue] = program.faultReplySlot
    return program
  }

  /// A copy of one of the root domain's capabilities for a program.
  private func give(
    _ program: LoadedProgram, _ slot: ProgramSlot, _ pointer: CapabilityPointer, rights: Rights
  ) throws(Refusal) {
    try program.cnode.copy(to: slot.rawValue, from: allocator.slot(of: pointer), rights: rights)
  }

  private func giveServer(to client: LoadedProgram, badge: UInt64) throws(Refusal) {
    try client.cnode.mint(
      to: ProgramSlot.endpoint.rawValue, from: allocator.slot(of: serverEndpoint.pointer),
      rights: .call, badge: badge)
  }

  /// Gives the program its part of the slice vector, the end of what is still the root domain's, and lets it run.
  private mutating func start(_ program: LoadedProgram, _ argument0: UInt64 = 0, _ argument1: UInt64 = 0)
    throws(Refusal)
  {
    let share = try allocator.slots()
    ownSlices -= Self.slicesPerProgram
    try time.split(keeping: ownSlices, restTo: SlotReference(allocator.cnode, share))
    try TimeSliceCapability(CapabilityPointer(rawValue: share)).bind(to: program.domain)
    try program.start(argument0, argument1)
  }
}
