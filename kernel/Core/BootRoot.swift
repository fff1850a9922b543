import KernelObjects

/// The root domain while boot fills it.
struct RootBuilder {
  let cnode: Capability
  let domain: Reference<Domain>
  let protectionDomain: Capability
  let info: Reference<BootInfo>
  /// Virtual address of the first page, and of the boot information.
  var base: UInt64 = 0
  var infoAddress: UInt64 = 0
  var stackTop: UInt64 = 0
  var entry: UInt64 = 0
  /// Physical address of the first level-3 table, the number of them, and the next free page in all of them.
  var segments: UInt64 = 0
  var segmentCount: UInt64 = 0
  var nextPage: UInt64 = 0
  var nextSlot: UInt64 = BootInfo.RootSlot.firstDynamic.rawValue
}

/// Pages of the root domain's stack; an unmapped page lies on either side.
private let stackPages: UInt64 = 16

extension Kernel {
  private var origin: Reference<Slot> { Reference<Slot>(stateReference.address) }

  /// Puts an initial capability into the root CNode.
  private func grant(_ capability: Capability, at index: UInt64, _ root: RootBuilder) -> Reference<Slot> {
    let slot = Reference<Slot>(root.cnode.address)[index]
    install(capability, in: slot, derivedFrom: origin)
    return slot
  }

  private func grantNext(_ capability: Capability, _ root: inout RootBuilder) -> Reference<Slot> {
    let slot = grant(capability, at: root.nextSlot, root)
    root.nextSlot &+= 1
    return slot
  }

  func makeRootDomain(_ facts: BootFacts, _ allocator: inout BootAllocator) throws(BootError) -> RootBuilder {
    let cnodeBits = BootInfo.rootRadix &+ Slot.sizeBits
    let cnodeMemory = try allocator.take(1 &<< cnodeBits, alignment: 1 &<< cnodeBits)
    var cnode = create(.cnode, at: cnodeMemory, objectBits: cnodeBits, isDevice: false)
    cnode = .cnode(address: cnode.address, radix: cnode.radix, guardSize: 64 &- cnode.radix)
    let domain = create(.domain, at: try allocator.take(4096), objectBits: Domain.sizeBits, isDevice: false)
    let protectionDomain = create(
      .protectionDomain, at: try allocator.take(4096), objectBits: 12, isDevice: false)
    let info = create(.frame, at: try allocator.take(4096), objectBits: 12, isDevice: false)
    let root = RootBuilder(
      cnode: cnode, domain: Reference(domain.address), protectionDomain: protectionDomain,
      info: Reference(info.address))
    let cnodeSlot = grant(cnode, at: BootInfo.RootSlot.cnode.rawValue, root)
    _ = grant(domain, at: BootInfo.RootSlot.domain.rawValue, root)
    let protectionDomainSlot = grant(
      protectionDomain, at: BootInfo.RootSlot.protectionDomain.rawValue, root)
    let allTime = Capability.timeSlice(start: 0, count: KernelState.sliceCount)
    _ = grant(allTime, at: BootInfo.RootSlot.timeSlice.rawValue, root)
    _ = grant(Capability(type: .irqControl), at: BootInfo.RootSlot.irqControl.rawValue, root)
    if facts.hasDebug { _ = grant(Capability(type: .debug), at: BootInfo.RootSlot.debug.rawValue, root) }
    _ = grant(info, at: BootInfo.RootSlot.bootInfoFrame.rawValue, root)
    install(cnode, in: root.domain.slot(.cnodeRoot), derivedFrom: cnodeSlot)
    install(protectionDomain, in: root.domain.slot(.protectionDomain), derivedFrom: protectionDomainSlot)
    state.rootCNode = cnode.address
    state.rootDomain = domain.address
    return root
  }

  /// Maps the userland image, its stack and the boot information, contiguously from a segment's start.
  func mapImage(_ facts: BootFacts, _ allocator: inout BootAllocator, _ root: inout RootBuilder)
    throws(BootError)
  {
    let header = Reference<UserImageHeader>(facts.image).object
    try check(header, size: facts.imageSize)
    let imagePages = facts.imageSize &>> 12
    root.segmentCount = (imagePages &+ stackPages &+ 4 &+ 511) / 512
    try makeSegments(&allocator, &root)
    root.entry = root.base &+ header.entry
    let textStart = header.readOnlySize &>> 12
    let dataStart = textStart &+ header.textSize &>> 12
    let archiveStart = dataStart &+ header.dataSize &>> 12
    root.info.object.firstImageFrame = root.nextSlot
    for page in 0..<imagePages {
      var rights: Rights = .read
      if page >= textStart && page < dataStart { rights = Rights.read.union(.execute) }
      if page >= dataStart && page < archiveStart { rights = Rights.read.union(.write) }
      let frame = Capability(type: .frame, address: facts.image &+ page &<< 12, size: 12)
      mapNext(grantNext(frame, &root), rights, &root)
    }
    // The processor may have fetched nothing from there yet, but the image was loaded as data.
    machine.synchronizeInstructions(facts.image &+ header.readOnlySize, count: header.textSize)
    root.info.object.imageFrameCount = imagePages
    root.info.object.imageAddress = root.base
    root.info.object.imageSize = facts.imageSize
  }

  private func check(_ header: UserImageHeader, size: UInt64) throws(BootError) {
    guard size >= 4096, size & 4095 == 0, size &>> 12 <= 2048, header.magic == UserImageHeader.magicValue
    else {
      throw .badImage
    }
    let parts: [4 of UInt64] = [header.readOnlySize, header.textSize, header.dataSize, header.archiveSize]
    var total: UInt64 = 0
    for index in parts.indices {
      guard parts[index] <= size, parts[index] & 4095 == 0 else { throw .badImage }
      total &+= parts[index]
    }
    guard total <= size, header.entry < size else { throw .badImage }
  }

  /// Level-3 tables side by side, so that their addresses are contiguous too, attached to the root's
  /// ProtectionDomain.
  private func makeSegments(_ allocator: inout BootAllocator, _ root: inout RootBuilder) throws(BootError) {
    root.segments = try allocator.take(root.segmentCount &<< 12)
    root.base = AddressSpace.segmentAddress(table: root.segments)
    for number in 0..<root.segmentCount {
      let table = root.segments &+ number &<< 12
      let slot = grantNext(create(.segment, at: table, objectBits: 12, isDevice: false), &root)
      if number == root.segmentCount &- 1 { root.info.object.freeSegment = root.nextSlot &- 1 }
      let address = AddressSpace.segmentAddress(table: table)
      var above = root.protectionDomain.address
      for level in UInt64(0)..<2 {
        let link = TableLink(
          table: above, index: AddressSpace.index(of: address, level: level),
          asid: root.protectionDomain.asid,
          level: level &+ 1)
        let descriptor = TranslationDescriptor(word: entry(link).object)
        if descriptor.isTable {
          above = descriptor.address
          continue
        }
        let page = try allocator.take(4096)
        let table = grantNext(create(.pageTable, at: page, objectBits: 12, isDevice: false), &root)
        self.link(table, link, .table(address: page))
        above = page
      }
      let link = TableLink(
        table: above, index: AddressSpace.index(of: address, level: 2), asid: root.protectionDomain.asid,
        level: 3)
      self.link(slot, link, .table(address: table))
    }
  }

  /// Maps the frame in `slot` at the next page.
  private func mapNext(_ slot: Reference<Slot>, _ rights: Rights, _ root: inout RootBuilder) {
    let table = root.segments &+ (root.nextPage / 512) &<< 12
    let frame = slot.capability
    link(
      slot, TableLink(table: table, index: root.nextPage % 512),
      .userPage(address: frame.address, rights: rights, isDevice: false))
    root.nextPage &+= 1
  }

  func finishBootInfo(_ allocator: inout BootAllocator, _ root: inout RootBuilder) throws(BootError) {
    let info = root.info
    info.object.magic = BootInfo.magicValue
    root.infoAddress = root.base &+ root.nextPage &<< 12
    mapNext(Reference<Slot>(root.cnode.address)[BootInfo.RootSlot.bootInfoFrame.rawValue], .read, &root)
    root.nextPage &+= 1
    for _ in 0..<stackPages {
      let frame = create(.frame, at: try allocator.take(4096), objectBits: 12, isDevice: false)
      mapNext(grantNext(frame, &root), Rights.read.union(.write), &root)
    }
    root.stackTop = root.base &+ root.nextPage &<< 12
    root.nextPage &+= 1
    info.object.freeAddress = root.base &+ root.nextPage &<< 12
    info.object.freeAddressEnd = root.base &+ root.segmentCount &<< AddressSpace.segmentBits
    info.object.slotCount = 1 &<< BootInfo.rootRadix
  }

  /// All memory that is left becomes Untyped, in naturally aligned powers of two.
  func handOutMemory(_ facts: BootFacts, _ allocator: BootAllocator, _ root: inout RootBuilder) {
    root.info.object.firstUntyped = root.nextSlot
    for index in 0..<facts.regionCount {
      let region = facts.regions[index]
      let end = region.base &+ region.size
      switch MemoryRegionKind(rawValue: UInt32(truncatingIfNeeded: region.kind)) {
      case .ram:
        let start = index == allocator.region ? allocator.next : region.base
        handOut(from: start, to: end, isDevice: false, &root)
      case .device: handOut(from: region.base, to: end, isDevice: true, &root)
      default: break
      }
    }
  }

  private func handOut(from start: UInt64, to end: UInt64, isDevice: Bool, _ root: inout RootBuilder) {
    var address = (start &+ 4095) & ~4095
    let limit = end & ~4095
    while address < limit {
      let count = root.info.object.untypedCount
      guard count < BootInfo.untypedLimit else { return }
      var bits = UInt64(truncatingIfNeeded: min(address.trailingZeroBitCount, 47))
      while address &+ 1 &<< bits > limit { bits &-= 1 }
      _ = grantNext(.untyped(address: address, sizeBits: bits, isDevice: isDevice), &root)
      root.info.object.untypeds[Int(truncatingIfNeeded: count)] = BootUntyped(
        address: address, sizeBits: UInt32(truncatingIfNeeded: bits), isDevice: isDevice)
      root.info.object.untypedCount &+= 1
      address &+= 1 &<< bits
    }
  }

  func startRoot(_ root: RootBuilder) {
    let domain = root.domain
    domain.object.registers.pc = root.entry
    domain.object.registers.sp = root.stackTop
    domain[x: 0] = root.infoAddress
    setName(domain, 0x746f_6f72, 0)
    makeReady(domain)
    for index in 0..<KernelState.sliceCount { slice(index).object.domain = domain.address }
    domain.object.boundSlices = UInt32(truncatingIfNeeded: KernelState.sliceCount)
    state.accounted = machine.now
    machine.startTick()
    advance(from: 0, at: state.accounted)
  }
}
