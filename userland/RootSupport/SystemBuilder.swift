public import KernelObjects
public import LibVesper

/// What a root domain needs to build a system of programs: each in a domain of its own, with its part of the time.
public struct SystemBuilder {
  public var allocator: ObjectAllocator
  /// Where all programs' faults arrive, each with its program's badge.
  public let faultEndpoint: EndpointCapability
  private let archive: Archive
  private let window: SegmentWindow
  /// All of the slice vector; its first `ownSlices` slots are still the root domain's.
  private let time = TimeSliceCapability(BootInfo.RootSlot.timeSlice.pointer)
  private var ownSlices = KernelState.sliceCount
  private let slicesPerProgram: UInt64

  public init(_ bootInfo: borrowing BootInfo, slicesPerProgram: UInt64) throws(Refusal) {
    archive = try Archive(bootInfo)
    allocator = try ObjectAllocator(bootInfo)
    window = try SegmentWindow(allocator: &allocator)
    faultEndpoint = try allocator.endpoint()
    self.slicesPerProgram = slicesPerProgram
  }

  /// Loads a program of the archive; its faults are reported with `badge`.
  public mutating func load(_ name: DomainName, badge: UInt64) throws(Refusal) -> LoadedProgram {
    let fault = EndpointCapability(try allocator.badged(faultEndpoint.pointer, badge))
    return try allocator.load(
      name, try archive.program(named: name), faultEndpoint: fault, window: window)
  }

  /// A copy of one of the root domain's capabilities for a program.
  public func give(
    _ program: LoadedProgram, _ slot: ProgramSlot, _ pointer: CapabilityPointer, rights: Rights
  ) throws(Refusal) {
    try program.cnode.copy(to: slot.rawValue, from: allocator.slot(of: pointer), rights: rights)
  }

  /// The right to call an endpoint, known there by `badge`.
  public func giveClient(_ program: LoadedProgram, _ endpoint: EndpointCapability, badge: UInt64)
    throws(Refusal)
  {
    try program.cnode.mint(
      to: ProgramSlot.endpoint.rawValue, from: allocator.slot(of: endpoint.pointer), rights: .call,
      badge: badge)
  }

  /// A driver's interrupt, and the notification that it signals with `badge`.
  public mutating func giveInterrupt(
    _ program: LoadedProgram, _ irq: UInt64, _ trigger: InterruptTrigger, badge: UInt64
  ) throws(Refusal) {
    let notification = try allocator.notification()
    try program.cnode.mint(
      to: ProgramSlot.notification.rawValue, from: allocator.slot(of: notification.pointer), badge: badge)
    let control = IRQControlCapability(BootInfo.RootSlot.irqControl.pointer)
    try control.get(irq, trigger, into: program.slot(.irqHandler))
  }

  /// Maps a device's page into the program's segment.
  ///
  /// - Returns: its virtual address.
  public mutating func mapDevice(_ program: LoadedProgram, _ frame: FrameCapability) throws(Refusal) -> UInt64
  {
    try program.segment.map(frame, at: LoadedProgram.freePage, rights: .readWrite)
    return try program.segment.address() + LoadedProgram.freePage << AddressSpace.pageBits
  }

  /// Gives the program its part of the slice vector, the end of what is still the root domain's, and lets it run.
  public mutating func start(_ program: LoadedProgram, _ argument0: UInt64 = 0, _ argument1: UInt64 = 0)
    throws(Refusal)
  {
    let share = try allocator.slots()
    ownSlices -= slicesPerProgram
    try time.split(keeping: ownSlices, restTo: SlotReference(allocator.cnode, share))
    try TimeSliceCapability(CapabilityPointer(rawValue: share)).bind(to: program.domain)
    try program.start(argument0, argument1)
  }
}
