public import KernelObjects
public import LibVesper

/// A program that was loaded into a domain of its own and is not yet started.
public struct LoadedProgram {
  public let domain: DomainCapability
  public let cnode: CNodeCapability
  public let protectionDomain: ProtectionDomainCapability
  public let segment: SegmentCapability
  /// Virtual address of the first instruction.
  public let entry: UInt64
  /// First byte behind the stack.
  public let stackEnd: UInt64
  /// The root CNode's slot for the right to answer its fault.
  public let faultReplySlot: UInt64

  /// Page of its segment from which on no program is.
  public static let freePage = ProgramImage.maximumPages

  /// Its slot for `ProgramSlot`.
  public func slot(_ slot: ProgramSlot) -> SlotReference { SlotReference(cnode, slot.rawValue) }

  public func start(_ argument0: UInt64 = 0, _ argument1: UInt64 = 0) throws(Refusal) {
    try domain.start(programCounter: entry, stackPointer: stackEnd, arguments: [argument0, argument1, 0])
  }
}

extension ObjectAllocator {
  /// Builds a domain around a program: its segment, protection domain and CNode, with the console and the
  /// right to stop itself. Its faults go to `faultEndpoint`, which is badged for it.
  public mutating func load(
    _ name: DomainName, _ image: ProgramImage, faultEndpoint: EndpointCapability, window: SegmentWindow
  ) throws(Refusal) -> LoadedProgram {
    let segment = try segment()
    try load(image, into: segment, through: window)
    let protectionDomain = ProtectionDomainCapability(try objects(.protectionDomain))
    try attach(segment, to: protectionDomain, rights: .all)
    let cnode = try programCNode()
    let domain = DomainCapability(try objects(.domain))
    try domain.setName(name)
    try domain.configure(cnode: cnode, protectionDomain: protectionDomain, faultEndpoint: faultEndpoint)
    try cnode.copy(to: ProgramSlot.domain.rawValue, from: slot(of: domain.pointer))
    try giveDebug(to: cnode)
    let base = try segment.address()
    return LoadedProgram(
      domain: domain, cnode: cnode, protectionDomain: protectionDomain, segment: segment,
      entry: base + image.entry, stackEnd: base + 1 << AddressSpace.segmentBits, faultReplySlot: try slots())
  }

  /// An image without the debug channel has no Debug capability, and programs without one print nothing.
  private func giveDebug(to program: CNodeCapability) throws(Refusal) {
    do {
      try program.copy(to: ProgramSlot.debug.rawValue, from: slot(of: BootInfo.RootSlot.debug.pointer))
    } catch {
      guard error.status == .slotEmpty else { throw error }
    }
  }

  /// A CNode whose guard makes slot numbers capability pointers.
  private mutating func programCNode() throws(Refusal) -> CNodeCapability {
    let radix = ProgramSlot.cnodeRadix
    let unguarded = try objects(.cnode, sizeBits: radix)
    let index = try slots()
    try cnode.mint(to: index, from: slot(of: unguarded), guardValue: 0, guardSize: 64 - radix)
    return CNodeCapability(CapabilityPointer(rawValue: index))
  }
}
