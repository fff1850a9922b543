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
    case Invocation.untypedReset.rawValue:
      guard !hasChildren(context.slot) else { throw Refusal(.hasChildren) }
      context.slot.object.capability.watermark = 0
    default: throw context.noSuchInvocation
    }
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
    for index in firstIndex..<firstIndex &+ count {
      _ = try emptySlot(index, of: destination, argument: 5)
    }
    return Retype(
      type: type, objectBits: objectBits, count: count, base: base, destination: destination,
      firstIndex: firstIndex)
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
    switch type {
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
}
