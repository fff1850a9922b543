public import KernelObjects
public import LibVesper

/// Makes kernel objects out of the untyped memory that boot left, and finds slots for their capabilities in the
/// root CNode. Nothing is given back: what the root domain builds, it builds once.
public struct ObjectAllocator {
  public let cnode = CNodeCapability(BootInfo.RootSlot.cnode.pointer)
  public let untypeds: InitialUntypeds
  private var nextSlot: UInt64
  private let slotEnd: UInt64
  /// The Untyped in use; those before it in `untypeds`' order are used up.
  private var current: InitialUntypeds.Position

  public init(_ bootInfo: borrowing BootInfo) throws(Refusal) {
    untypeds = InitialUntypeds(bootInfo)
    nextSlot = bootInfo.firstFreeSlot
    slotEnd = bootInfo.slotCount
    guard let first = untypeds.largest(after: nil) else { throw Refusal(.notEnoughMemory) }
    current = first
  }

  /// Takes `count` consecutive empty slots of the root CNode.
  ///
  /// - Returns: index of the first, which is also its capability pointer.
  public mutating func slots(_ count: UInt64 = 1) throws(Refusal) -> UInt64 {
    guard count <= slotEnd - nextSlot else { throw Refusal(.outOfRange, detail: slotEnd) }
    defer { nextSlot += count }
    return nextSlot
  }

  /// Makes `count` objects side by side in memory, with their capabilities in consecutive slots from the one that
  /// is returned on. `sizeBits` is the radix of a CNode, or log2 of the bytes of an Untyped.
  public mutating func objects(_ type: CapabilityType, sizeBits: UInt64 = 0, count: UInt64 = 1)
    throws(Refusal)
    -> CapabilityPointer
  {
    let first = try slots(count)
    var made: UInt64 = 0
    while made < count {
      let batch = min(count - made, Self.batchLimit)
      try retype(type, sizeBits: sizeBits, count: batch, at: first + made)
      made += batch
    }
    return CapabilityPointer(rawValue: first)
  }

  /// The kernel makes no more objects than this at once.
  private static let batchLimit: UInt64 = 256

  private mutating func retype(_ type: CapabilityType, sizeBits: UInt64, count: UInt64, at first: UInt64)
    throws(Refusal)
  {
    while true {
      do {
        return try untypeds.capability(at: current)
          .retype(type, sizeBits: sizeBits, count: count, into: cnode, at: first)
      } catch {
        guard error.status == .notEnoughMemory, let next = untypeds.largest(after: current) else {
          throw error
        }
        current = next
      }
    }
  }

  public mutating func endpoint() throws(Refusal) -> EndpointCapability {
    EndpointCapability(try objects(.endpoint))
  }

  public mutating func notification() throws(Refusal) -> NotificationCapability {
    NotificationCapability(try objects(.notification))
  }

  public mutating func segment() throws(Refusal) -> SegmentCapability {
    SegmentCapability(try objects(.segment))
  }

  /// A second capability to the same object.
  public mutating func copy(_ pointer: CapabilityPointer) throws(Refusal) -> CapabilityPointer {
    let index = try slots()
    try cnode.copy(to: index, from: slot(of: pointer))
    return CapabilityPointer(rawValue: index)
  }

  public mutating func badged(_ pointer: CapabilityPointer, _ badge: UInt64) throws(Refusal)
    -> CapabilityPointer
  {
    let index = try slots()
    try cnode.mint(to: index, from: slot(of: pointer), badge: badge)
    return CapabilityPointer(rawValue: index)
  }

  /// The root CNode's slot that a capability pointer of the root domain names.
  public func slot(of pointer: CapabilityPointer) -> SlotReference { SlotReference(cnode, pointer.rawValue) }

  /// Capabilities to the device page at `address` and those behind it, cut out of the device memory that boot left.
  ///
  /// An Untyped is handed out from its start, so what lies before the page becomes Untypeds of its own, each as
  /// large as its alignment allows. So each of these pieces of memory can be asked for pages once.
  ///
  /// - Returns: the first; the others follow in the root CNode.
  public mutating func deviceFrame(at address: UInt64, count: UInt64 = 1) throws(Refusal) -> FrameCapability {
    guard let device = untypeds.device(containing: address) else {
      throw Refusal(.outOfRange, detail: address)
    }
    let untyped = untypeds.capability(at: device)
    var next = untypeds.entry(device).address
    while next < address {
      let sizeBits = UInt64(min(next.trailingZeroBitCount, 63 - (address - next).leadingZeroBitCount))
      try untyped.retype(.untyped, sizeBits: sizeBits, into: cnode, at: try slots())
      next += 1 &<< sizeBits
    }
    let index = try slots(count)
    try untyped.retype(.frame, count: count, into: cnode, at: index)
    return FrameCapability(CapabilityPointer(rawValue: index))
  }
}
