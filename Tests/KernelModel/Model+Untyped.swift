internal import KernelObjects

extension Model {
  mutating func invokeUntyped(_ invocation: Invocation, _ call: Call) throws(Refused) {
    switch invocation {
    case .untypedRetype: try retype(call)
    default:
      guard children(of: call.capability.name).isEmpty else { throw Refused(.hasChildren) }
      untypeds[call.capability.object]?.watermark = 0
    }
  }

  private mutating func retype(_ call: Call) throws(Refused) {
    guard let untyped = untypeds[call.capability.object], let start = addresses[call.capability.object]
    else { return }
    guard let type = CapabilityType(rawValue: UInt8(clamping: call.words[0])) else {
      throw Refused(.outOfRange, argument: 1, detail: 32)
    }
    if untyped.isDevice && type != .untyped && type != .frame {
      throw Refused(.invalidArgument, argument: 1, detail: call.words[0])
    }
    let bits = try sizeBits(of: type, size: call.words[1])
    let count = call.words[2]
    guard (1...256).contains(count) else { throw Refused(.outOfRange, argument: 3, detail: 257) }
    let left = (1 << untyped.sizeBits) - untyped.watermark
    guard bits <= untyped.sizeBits else { throw Refused(.notEnoughMemory, argument: 2, detail: left) }
    let objectSize: UInt64 = 1 << bits
    let offset = (untyped.watermark + objectSize - 1) / objectSize * objectSize
    guard offset + count * objectSize <= 1 << untyped.sizeBits else {
      throw Refused(.notEnoughMemory, argument: 3, detail: left)
    }
    let base = start + offset
    try checkPlace(of: type, base..<base + count * objectSize, count: count)
    let places = try emptySlots(count, call)
    for (index, place) in places.enumerated() {
      let object = create(type, at: base + UInt64(index) * objectSize, bits: bits, isDevice: untyped.isDevice)
      install(type, object, in: place, derivedFrom: call.capability.name)
    }
    untypeds[call.capability.object]?.watermark = offset + count * objectSize
  }

  private func emptySlots(_ count: UInt64, _ call: Call) throws(Refused) -> [Place] {
    let cnode = try argument(3, .cnode, of: call).capability
    let slotCount: UInt64 = 1 << (cnodes[cnode.object] ?? 0)
    let first = call.words[4]
    guard first < slotCount, first + count <= slotCount else {
      throw Refused(.outOfRange, argument: 5, detail: slotCount)
    }
    var places: [Place] = []
    for index in first..<first + count { places.append(try emptySlot(index, of: cnode, argument: 5)) }
    return places
  }

  /// log2 of an object's bytes.
  private func sizeBits(of type: CapabilityType, size: UInt64) throws(Refused) -> UInt64 {
    switch type {
    case .untyped:
      guard (5..<48).contains(size) else { throw Refused(.outOfRange, argument: 2, detail: 48) }
      return size
    case .cnode:
      guard (1..<32).contains(size) else { throw Refused(.outOfRange, argument: 2, detail: 32) }
      return size + 5
    case .domain: return 11
    case .protectionDomain, .pageTable, .segment, .frame: return 12
    case .endpoint, .notification: return 5
    default: throw Refused(.invalidArgument, argument: 1, detail: UInt64(type.rawValue))
    }
  }

  private func checkPlace(of type: CapabilityType, _ range: Range<UInt64>, count: UInt64) throws(Refused) {
    switch type {
    case .cnode, .domain:
      guard range.upperBound <= 1 << 36 else {
        throw Refused(.invalidArgument, argument: 1, detail: range.lowerBound)
      }
    case .segment, .pageTable, .protectionDomain:
      guard tableMemory.contains(range.lowerBound), tableMemory.contains(range.upperBound - 1) else {
        throw Refused(.invalidArgument, argument: 1, detail: range.lowerBound)
      }
      if type == .protectionDomain && count != 1 { throw Refused(.outOfRange, argument: 3, detail: 2) }
    default: break
    }
  }

  private mutating func create(_ type: CapabilityType, at address: UInt64, bits: UInt64, isDevice: Bool)
    -> ObjectName
  {
    let object = newObject(at: address)
    switch type {
    case .untyped: untypeds[object] = UntypedValue(sizeBits: bits, isDevice: isDevice)
    case .cnode: cnodes[object] = bits - 5
    case .domain:
      domains[object] = DomainValue()
      install(.reply, object, in: .own(.replyMaster, of: object), derivedFrom: nil)
      slots[.own(.replyMaster, of: object)]?.isMaster = true
    case .protectionDomain:
      // ASID 0 is the empty address space's; the lowest that is free is taken.
      let taken = Set(protectionDomains.values)
      protectionDomains[object] = (1...).first { !taken.contains($0) }
    case .pageTable: pageTables.insert(object)
    case .segment: segments.insert(object)
    case .frame: frames[object] = FrameValue(isDevice: isDevice)
    case .endpoint: endpoints[object] = EndpointValue()
    case .notification: notifications[object] = NotificationValue()
    default: break
    }
    return object
  }
}
