internal import Devices
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// The programs of this system and what connects them: which capabilities each is given, and which time.
struct System {
  /// Of 64; the four that are left are the root domain's.
  private static let slicesPerProgram: UInt64 = 12

  var builder: SystemBuilder
  private let serverEndpoint: EndpointCapability
  /// By member: the root CNode's slot for the right to answer its fault.
  private(set) var faultReplySlots = InlineArray<6, UInt64>(repeating: 0)

  /// Builds and starts everything. `step` is what is being done, to be told if it is refused.
  init(_ bootInfo: borrowing BootInfo, step: inout StaticString) throws(Refusal) {
    step = "root objects"
    builder = try SystemBuilder(bootInfo, slicesPerProgram: Self.slicesPerProgram)
    serverEndpoint = try builder.allocator.endpoint()
    try startServerAndClients(&step)
    step = Member.clock.name
    try startClock()
    step = Member.waiter.name
    try startWaiter()
  }

  private mutating func startServerAndClients(_ step: inout StaticString) throws(Refusal) {
    step = "shared memory"
    let shared = try SharedSegment(pages: 4, allocator: &builder.allocator)
    step = Member.server.name
    let server = try load(.server)
    try builder.give(server, .endpoint, serverEndpoint.pointer, rights: .read)
    try shared.attach(to: server.protectionDomain, rights: .read, allocator: &builder.allocator)
    try builder.start(server, shared.address, shared.size)

    step = Member.clientA.name
    let clientA = try load(.clientA)
    try builder.giveClient(clientA, serverEndpoint, badge: 0xa)
    try builder.start(clientA)

    step = Member.clientB.name
    let clientB = try load(.clientB)
    try builder.giveClient(clientB, serverEndpoint, badge: 0xb)
    try shared.attach(to: clientB.protectionDomain, rights: .readWrite, allocator: &builder.allocator)
    try builder.start(clientB, shared.address, shared.size)
  }

  /// The driver of the real time clock gets the device's page and its interrupt.
  private mutating func startClock() throws(Refusal) {
    let clock = try load(.clock)
    let page = try builder.mapDevice(clock, try builder.allocator.deviceFrame(at: Board.realTimeClock))
    try builder.giveInterrupt(clock, Board.realTimeClockInterrupt, .level, badge: 1)
    try builder.start(clock, page)
  }

  /// It calls an endpoint of its own, which nobody else holds a capability to receive from.
  private mutating func startWaiter() throws(Refusal) {
    let waiter = try load(.waiter)
    let endpoint = try builder.allocator.endpoint()
    try builder.give(waiter, .endpoint, endpoint.pointer, rights: .call)
    try builder.start(waiter)
  }

  private mutating func load(_ member: Member) throws(Refusal) -> LoadedProgram {
    let program = try builder.load(member.domainName, badge: UInt64(member.rawValue))
    faultReplySlots[member.rawValue] = program.faultReplySlot
    return program
  }
}
