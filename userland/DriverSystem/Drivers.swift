internal import Devices
internal import DriverSupport
internal import KernelObjects
internal import LibVesper
internal import RootSupport

extension DriverSystem {
  mutating func startBlock(_ transport: VirtIOBus.Transport) throws(Refusal) {
    let endpoint = try startDriver("block", transport, pages: 3)
    disk = EndpointCapability(try builder.allocator.badged(endpoint.pointer, ClientMemory.clientCount))
    let client = try load("disk-test")
    try builder.giveClient(client, endpoint, badge: 1)
    let whole = try SharedSegment(pages: SegmentCapability.pageCount, allocator: &builder.allocator)
    let scattered = try SharedSegment(
      pages: SegmentCapability.pageCount, isReversed: true, allocator: &builder.allocator)
    try give(client, whole, at: ProgramSlot.segment.rawValue, rights: .readWrite)
    try give(client, whole, at: ProgramSlot.segment.rawValue + 1, rights: .read)
    try give(client, scattered, at: ProgramSlot.segment.rawValue + 2, rights: .readWrite)
    try whole.attach(to: client.protectionDomain, rights: .readWrite, allocator: &builder.allocator)
    try scattered.attach(to: client.protectionDomain, rights: .readWrite, allocator: &builder.allocator)
    try builder.start(client, whole.address, scattered.address)
  }

  mutating func startConsole(_ transport: VirtIOBus.Transport) throws(Refusal) {
    let endpoint = try startDriver("console", transport, pages: 4)
    let client = try load("echo")
    try builder.giveClient(client, endpoint, badge: 1)
    let buffer = try SharedSegment(pages: 16, allocator: &builder.allocator)
    try give(client, buffer, at: ProgramSlot.segment.rawValue, rights: .readWrite)
    try buffer.attach(to: client.protectionDomain, rights: .readWrite, allocator: &builder.allocator)
    try builder.start(client, buffer.address, buffer.size)
  }

  mutating func startButton() throws(Refusal) {
    let button = try load("button")
    let page = try builder.mapDevice(button, try builder.allocator.deviceFrame(at: Board.generalPurposeIO))
    try builder.giveInterrupt(button, Board.generalPurposeIOInterrupt, .level, badge: 1)
    try builder.giveClient(button, builder.faultEndpoint, badge: Self.powerBadge)
    try builder.start(button, page)
  }

  /// Starts a driver that serves clients. `pages` are how many it shares with its device.
  ///
  /// - Returns: the endpoint that it serves.
  private mutating func startDriver(_ name: StaticString, _ transport: VirtIOBus.Transport, pages: UInt64)
    throws(Refusal) -> EndpointCapability
  {
    let driver = try load(name)
    let registers = try builder.mapDevice(driver, try bus.frame(transport, allocator: &builder.allocator))
    try builder.allocator.mapFrames(pages, in: driver.segment, at: LoadedProgram.freePage + 1)
    try builder.giveInterrupt(driver, transport.interrupt, .level, badge: ClientService.interruptBadge)
    let endpoint = try builder.allocator.endpoint()
    try builder.give(driver, .endpoint, endpoint.pointer, rights: .read)
    try builder.give(driver, .cnode, driver.cnode.pointer, rights: .all)
    try builder.give(driver, .segment, driver.segment.pointer, rights: .read)
    try builder.start(driver, registers + transport.offsetInPage, registers + 1 << AddressSpace.pageBits)
    return endpoint
  }

  /// Lets a program share a segment with others.
  private func give(_ program: LoadedProgram, _ shared: SharedSegment, at slot: UInt64, rights: Rights)
    throws(Refusal)
  {
    try program.cnode.copy(to: slot, from: builder.allocator.slot(of: shared.segment.pointer), rights: rights)
  }
}
