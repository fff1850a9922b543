import KernelObjects

/// A retype whose every part has been checked.
private struct Retype {
  var type: CapabilityType
  /// log2 of the size of one object in bytes.
  var objectBits: UInt64
  var count: UInt64
  /// Physical address of the first object.
  var base: UInt64
  var destination: Capability
  var firstIndex: UInt64
}

/// Most objects that one invocation makes, so that it ends soon.
private let retypeLimit: UInt64 = 256

extension Kernel {
  @inline(__always)
  func invokeUntyped(_ context: InvocationContext) throws(Refusal) {
    switch context.label {
    case Invocation.untypedRetype.rawValue: perform(try decodeRetype(context), from: context.slot)
    case Invocation.untypedReset.rawValue: try reset(context.slot)
    default: throw context.noSuchInvocation
    }
  }

  /// As `invokeUntyped`, for a retype that can be left unfinished.
  func invokeUntypedStepwise(_ context: InvocationContext) throws(Refusal) {
    switch context.label {
    case Invocation.untypedRetype.rawValue:
      try performStepwise(try decodeRetype(context), from: context.slot, for: context.caller)
    case Invocation.untypedReset.rawValue: try reset(context.slot)
    default: throw context.noSuchInvocation
    }
  }

  private func reset(_ slot: Reference<Slot>) throws(Refusal) {
    guard !hasChildren(slot) else { throw Refusal(.hasChildren) }
    slot.object.capability.watermark = 0
    slot.object.generation = 0
  }

  @inline(__always)
  private func decodeRetype(_ context: InvocationContext) throws(Refusal) -> Retype {
    let untyped = context.capability
    let rawType = context.word(0)
    guard rawType < 32, let type = CapabilityType(rawValue: UInt8(truncatingIfNeeded: rawType)) else {
      throw Refusal(.outOfRange, argument: 1, detail: 32)
    }
    if untyped.isDevice && type != .untyped && type != .frame {
      throw Refusal(.invalidArgument, argument: 1, detail: rawType)
    }
    let objectBits = try objectBits(of: type, size: context.word(1))
    let count = context.word(2)
    guard count > 0 && count <= retypeLimit else {
      throw Refusal(.outOfRange, argument: 3, detail: retypeLimit &+ 1)
    }
    let base = try room(in: untyped, for: count, objectBits: objectBits)
    try checkPlace(type, base: base, count: count, objectBits: objectBits)
    let destination = try capabilityArgument(3, .cnode, in: context).capability
    let firstIndex = context.word(4)
    let slotCount: UInt64 = 1 &<< destination.radix
    guard firstIndex < slotCount && slotCount &- firstIndex >= count else {
      throw Refusal(.outOfRange, argument: 5, detail: slotCount)
    }
    guard areEmpty(Reference<Slot>(destination.address)[firstIndex], count: count) else {
      throw Refusal(.slotOccupied, argument: 5)
    }
    return Retype(
      type: type, objectBits: objectBits, count: count, base: base, destination: destination,
      firstIndex: firstIndex)
  }

  /// Whether the first `count` slots of a table are empty. By fours, since all are looked at each time that a large
  /// retype is made again.
  private func areEmpty(_ table: Reference<Slot>, count: UInt64) -> Bool {
    var seen: UInt64 = 0
    var index: UInt64 = 0
    while index &+ 4 <= count {
      let four = table[index]
      seen |= four.object.word0 | four[1].object.word0 | four[2].object.word0 | four[3].object.word0
      index &+= 4
    }
    while index < count {
      seen |= table[index].object.word0
      index &+= 1
    }
    return Capability.typeField.read(seen) == 0
  }

  /// log2 of the bytes that one object of `type` takes.
  @inline(__always)
  private func objectBits(of type: CapabilityType, size: UInt64) throws(Refusal) -> UInt64 {
    switch type {
    case .untyped:
      guard size >= 5 && size < 48 else { throw Refusal(.outOfRange, argument: 2, detail: 48) }
      return size
    case .cnode:
      guard size >= 1 && size < 32 else { throw Refusal(.outOfRange, argument: 2, detail: 32) }
      return size &+ Slot.sizeBits
    case .domain: return Domain.sizeBits
    case .protectionDomain, .pageTable, .segment, .frame: return AddressSpace.pageBits
    case .endpoint: return Endpoint.sizeBits
    case .notification: return Notification.sizeBits
    default: throw Refusal(.invalidArgument, argument: 1, detail: UInt64(type.rawValue))
    }
  }

  /// Physical address of the first of `count` objects in the Untyped's free part.
  @inline(__always)
  private func room(in untyped: Capability, for count: UInt64, objectBits: UInt64) throws(Refusal) -> UInt64 {
    let size: UInt64 = 1 &<< untyped.size
    let objectSize: UInt64 = 1 &<< objectBits
    let left = size &- untyped.watermark
    guard objectBits <= untyped.size else { throw Refusal(.notEnoughMemory, argument: 2, detail: left) }
    let offset = (untyped.watermark &+ objectSize &- 1) & ~(objectSize &- 1)
    guard offset <= size && (size &- offset) &>> objectBits >= count else {
      throw Refusal(.notEnoughMemory, argument: 3, detail: left)
    }
    return untyped.address &+ offset
  }

  /// Some objects can only live where their name or their links reach.
  @inline(__always)
  private func checkPlace(_ type: CapabilityType, base: UInt64, count: UInt64, objectBits: UInt64)
    throws(Refusal)
  {
    let end = base &+ count &<< objectBits
    switch type {
    case .cnode, .domain:
      guard end <= Slot.addressLimit else { throw Refusal(.invalidArgument, argument: 1, detail: base) }
    case .segment, .pageTable, .protectionDomain:
      guard isTablePage(base) && isTablePage(end &- 1) else {
        throw Refusal(.invalidArgument, argument: 1, detail: base)
      }
      if type == .protectionDomain {
        guard count == 1 else { throw Refusal(.outOfRange, argument: 3, detail: 2) }
        guard freeASID() != nil else { throw Refusal(.exhausted, argument: 1) }
      }
      if type == .segment && end &>> AddressSpace.pageBits > AddressSpace.segmentLimit {
        throw Refusal(.invalidArgument, argument: 1, detail: base)
      }
    default:
      break
    }
  }

  @inline(__always)
  private func perform(_ retype: Retype, from slot: Reference<Slot>) {
    let untyped = slot.capability
    let size: UInt64 = 1 &<< retype.objectBits
    for index in 0..<retype.count {
      let address = retype.base &+ index &* size
      let destination = Reference<Slot>(retype.destination.address)[retype.firstIndex &+ index]
      let capability = create(
        retype.type, at: address, objectBits: retype.objectBits, isDevice: untyped.isDevice)
      install(capability, in: destination, derivedFrom: slot)
    }
    slot.object.capability.watermark = retype.base &+ retype.count &* size &- untyped.address
  }

  /// Makes a fresh object of memory that nothing else uses.
  func create(_ type: CapabilityType, at address: UInt64, objectBits: UInt64, isDevice: Bool) -> Capability {
    if type == .untyped { return .untyped(address: address, sizeBits: objectBits, isDevice: isDevice) }
    if !isDevice { machine.zero(address, count: 1 &<< objectBits) }
    return shape(type, at: address, objectBits: objectBits, isDevice: isDevice)
  }

  /// Makes an object of memory that is zero, or a device's.
  @inline(__always)
  private func shape(_ type: CapabilityType, at address: UInt64, objectBits: UInt64, isDevice: Bool)
    -> Capability
  {
    switch type {
    case .untyped:
      return .untyped(address: address, sizeBits: objectBits, isDevice: isDevice)
    case .cnode:
      return .cnode(address: address, radix: objectBits &- Slot.sizeBits, guardSize: 0)
    case .domain:
      let domain = Reference<Domain>(address)
      domain.object.replyMaster.capability = Capability(
        type: .reply, address: address, word1: Capability.replyMasterField.pack(1))
      return Capability(type: .domain, address: address)
    case .protectionDomain:
      registerTable(address)
      return Capability(type: type, address: address, word1: takeASID())
    case .pageTable, .segment:
      registerTable(address)
      return Capability(type: type, address: address)
    case .frame:
      return Capability(
        type: .frame, address: address, size: objectBits,
        word1: isDevice ? Capability.deviceField.pack(1) : 0)
    default:
      return Capability(type: type, address: address)
    }
  }

  // MARK: large retypes

  /// A retype whose memory is zeroed page by page before any object is made.
  ///
  /// How far that got stays with the Untyped, where a linked capability has its generation, as a number of pages. What
  /// is left of them behind the watermark is zero, since nobody can have written there.
  ///
  /// - Throws: `Refusal.unfinished` while there is more to zero.
  private func performStepwise(
    _ retype: Retype, from slot: Reference<Slot>, for caller: Reference<Domain>
  ) throws(Refusal) {
    let untyped = slot.capability
    var budget = workBudget(for: caller, lookUps: 2)
    if !untyped.isDevice && retype.type != .untyped { try zero(retype, from: slot, &budget) }
    let size: UInt64 = 1 &<< retype.objectBits
    for index in 0..<retype.count {
      let capability = shape(
        retype.type, at: retype.base &+ index &* size, objectBits: retype.objectBits,
        isDevice: untyped.isDevice)
      let destination = Reference<Slot>(retype.destination.address)[retype.firstIndex &+ index]
      install(capability, in: destination, derivedFrom: slot)
      slot.object.capability.watermark = retype.base &+ (index &+ 1) &* size &- untyped.address
      budget.spend(.object)
      let made = index &+ 1
      if budget.isSpent && made < retype.count {
        // The rest is a retype of its own.
        caller[x: 4] = retype.count &- made
        caller[x: 6] = retype.firstIndex &+ made
        throw .unfinished
      }
    }
  }

  private func zero(_ retype: Retype, from slot: Reference<Slot>, _ budget: inout WorkBudget) throws(Refusal)
  {
    let untyped = slot.capability
    let pageSize: UInt64 = 1 &<< AddressSpace.pageBits
    // An Untyped can be smaller than a page.
    let step = min(pageSize, 1 &<< untyped.size)
    // From the watermark, not from the first object: a smaller one may yet come to lie before it.
    let start = (untyped.watermark &+ pageSize &- 1) &>> AddressSpace.pageBits
    let size = retype.base &- untyped.address &+ retype.count &<< retype.objectBits
    let end = (size &+ pageSize &- 1) &>> AddressSpace.pageBits
    var page = max(start, UInt64(slot.object.generation))
    while page < end {
      machine.zero(untyped.address &+ page &<< AddressSpace.pageBits, count: step)
      page &+= 1
      slot.object.generation = UInt32(truncatingIfNeeded: page)
      budget.spend(.page)
      if budget.isSpent && page < end { throw .unfinished }
    }
    // Small objects can begin, and end, within the page of the watermark.
    let first = untyped.address &+ start &<< AddressSpace.pageBits
    let last = min(first, retype.base &+ retype.count &<< retype.objectBits)
    if retype.base < last { machine.zero(retype.base, count: last &- retype.base) }
  }
}
