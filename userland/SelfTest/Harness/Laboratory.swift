internal import Devices
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// What all cases use and none changes for good: made once.
///
/// The root domain keeps the first slot of the slice vector and each helper gets one at its end. Since the vector is
/// walked mechanically, a yield of the root domain lets each helper that can run have one turn, in order.
struct Laboratory {
  static let helperCount = 4
  /// log2 of the bytes that a case may use.
  static let arenaBits: UInt64 = 23
  /// log2 of the bytes of a reserve.
  static let reserveBits: UInt64 = 27
  /// Slots that a case may use.
  static let scratchCount: UInt64 = 1200

  let cnode = CNodeCapability(BootInfo.RootSlot.cnode.pointer)
  let domain = DomainCapability(BootInfo.RootSlot.domain.pointer)
  let protectionDomain = ProtectionDomainCapability(BootInfo.RootSlot.protectionDomain.pointer)
  let irqControl = IRQControlCapability(BootInfo.RootSlot.irqControl.pointer)
  let debug = DebugCapability(BootInfo.RootSlot.debug.pointer)
  /// The segment that holds the program, its stack and the helpers' memory.
  let programSegment: SegmentCapability
  /// Memory for one case; empty between cases.
  let arena: UntypedCapability
  /// As many pages as there are ASIDs, for the case that uses all of them. A machine of 512 MiB has them.
  let reserves: InlineArray<2, UntypedCapability>
  /// Slots of the root CNode for one case, empty between cases.
  let firstScratchSlot: UInt64
  /// What is left of the slice vector: bound to nobody.
  let spareTime: TimeSliceCapability
  let helperTimes: InlineArray<4, TimeSliceCapability>
  /// Addresses of the helpers' records.
  let helperRecords: InlineArray<4, UInt64>
  /// The page of the PL031, nowhere mapped, and its parent.
  let realTimeClock: FrameCapability
  let device: UntypedCapability
  /// The page of the PL061, nowhere mapped.
  let generalPurposeIO: FrameCapability

  /// Slots of the vector that `spareTime` holds.
  static let spareSlices = KernelState.sliceCount - 1 - UInt64(helperCount)

  init(_ bootInfo: borrowing BootInfo) throws(Refusal) {
    var allocator = try ObjectAllocator(bootInfo)
    programSegment = SegmentCapability(CapabilityPointer(bootInfo.freeSegment))
    // An isolated helper runs the program's code through a copy of one segment.
    guard try programSegment.address() == bootInfo.imageAddress else {
      throw Refusal(.outOfRange, detail: bootInfo.imageSize)
    }
    arena = UntypedCapability(try allocator.objects(.untyped, sizeBits: Self.arenaBits))

    let time = TimeSliceCapability(BootInfo.RootSlot.timeSlice.pointer)
    let cnode = self.cnode
    let spare = try allocator.slots()
    try time.split(keeping: 1, restTo: SlotReference(cnode, spare))
    spareTime = TimeSliceCapability(CapabilityPointer(spare))
    var times = InlineArray<4, TimeSliceCapability>(repeating: spareTime)
    var records = InlineArray<4, UInt64>(repeating: 0)
    var page = (bootInfo.freeAddress - bootInfo.imageAddress) >> AddressSpace.pageBits
    for index in 0..<Self.helperCount {
      let slot = try allocator.slots()
      try spareTime.split(
        keeping: Self.spareSlices + UInt64(Self.helperCount - 1 - index), restTo: SlotReference(cnode, slot))
      times[index] = TimeSliceCapability(CapabilityPointer(slot))
      try allocator.mapFrames(1, in: programSegment, at: page)
      try allocator.mapFrames(HelperMemory.stackPages, in: programSegment, at: page + HelperMemory.stackPage)
      records[index] = bootInfo.imageAddress + page << AddressSpace.pageBits
      page += HelperMemory.pageCount
    }
    helperTimes = times
    helperRecords = records

    realTimeClock = try allocator.deviceFrame(at: Board.realTimeClock)
    guard let position = allocator.untypeds.device(containing: Board.realTimeClock) else {
      throw Refusal(.outOfRange, detail: Board.realTimeClock)
    }
    device = allocator.untypeds.capability(at: position)
    generalPurposeIO = try allocator.deviceFrame(at: Board.generalPurposeIO)
    let firstReserve = UntypedCapability(try allocator.objects(.untyped, sizeBits: Self.reserveBits))
    let secondReserve = UntypedCapability(try allocator.objects(.untyped, sizeBits: Self.reserveBits))
    reserves = [firstReserve, secondReserve]
    firstScratchSlot = try allocator.slots(Self.scratchCount)
  }
}
