internal import Devices
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// What the measurements work with.
struct Workshop {
  var allocator: ObjectAllocator
  /// The root domain's own.
  let protectionDomain = ProtectionDomainCapability(BootInfo.RootSlot.protectionDomain.pointer)
  /// Memory to be retyped, and as much to be filled with slots.
  let arena: UntypedCapability
  /// An otherwise empty CNode of `slotCount` slots, the first of which is kept.
  let cnode: CNodeCapability
  static let radix: UInt64 = 12
  /// The segment that holds this program.
  let programSegment: SegmentCapability
  private let console = Console(debug: DebugCapability(BootInfo.RootSlot.debug.pointer), name: nil)
  /// Virtual address of the first page of `programSegment` that nothing uses yet.
  private var freeAddress: UInt64

  init(_ bootInfo: borrowing BootInfo) throws(Refusal) {
    allocator = try ObjectAllocator(bootInfo)
    arena = UntypedCapability(try allocator.objects(.untyped, sizeBits: 23))
    cnode = CNodeCapability(try allocator.objects(.cnode, sizeBits: Self.radix))
    programSegment = SegmentCapability(CapabilityPointer(rawValue: bootInfo.freeSegment))
    // Other domains run this program's code through a copy of one segment.
    guard try programSegment.address() == bootInfo.imageAddress else {
      throw Refusal(.outOfRange, detail: bootInfo.imageSize)
    }
    freeAddress = bootInfo.freeAddress
  }

  /// Slot of `cnode`.
  func slot(_ index: UInt64) -> SlotReference { SlotReference(cnode, index) }

  /// Makes pages of this program's segment readable and writable.
  ///
  /// - Returns: virtual address of the first.
  mutating func mapPages(_ count: UInt64) throws(Refusal) -> UInt64 {
    let address = takeAddress(pages: count)
    try allocator.mapFrames(count, in: programSegment, at: try page(of: address))
    return address
  }

  /// - Returns: virtual address of the frame, a device's registers for instance.
  mutating func map(_ frame: FrameCapability) throws(Refusal) -> UInt64 {
    let address = takeAddress(pages: 1)
    try programSegment.map(frame, at: try page(of: address), rights: .readWrite)
    return address
  }

  private mutating func takeAddress(pages: UInt64) -> UInt64 {
    defer { freeAddress += pages << AddressSpace.pageBits }
    return freeAddress
  }

  private func page(of address: UInt64) throws(Refusal) -> UInt64 {
    (address - (try programSegment.address())) >> AddressSpace.pageBits
  }

  /// A line for the program that makes the table.
  func report(_ name: StaticString, _ instructions: UInt64) {
    console.print("bench \(name) \(instructions)")
  }

  /// Names what was between the last two marks.
  func name(row: StaticString) { console.print("longest \(row)") }

  func reportEnd() { console.print("bench done") }
}
