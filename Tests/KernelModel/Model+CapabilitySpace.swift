internal import KernelObjects

extension Model {
  /// The slot that a Domain names by a capability pointer: at each CNode first the guard's bits must match, then
  /// as many bits as the radix choose a slot, until all 64 are used.
  func resolve(_ pointer: UInt64, by domain: ObjectName, argument: UInt64) throws(Refused) -> Place {
    var node = slots[.own(.cnodeRoot, of: domain)]
    var used: UInt64 = 0
    while true {
      guard let cnode = node, cnode.type == .cnode, let radix = cnodes[cnode.object],
        used + cnode.guardSize + radix <= 64,
        bits(of: pointer, from: used, count: cnode.guardSize) == cnode.guardValue
      else { throw Refused(.invalidCapability, argument: argument, detail: used) }
      used += cnode.guardSize
      let place = Place(
        holder: cnode.object, index: Int(bits(of: pointer, from: used, count: radix)))
      used += radix
      if used == 64 { return place }
      node = slots[place]
    }
  }

  /// `count` bits of `word`, `used` bits from the top on.
  private func bits(of word: UInt64, from used: UInt64, count: UInt64) -> UInt64 {
    count == 0 ? 0 : (word << used) >> (64 - count)
  }

  /// Where the capability of `type` is that a Domain names.
  func lookUp(_ type: CapabilityType, _ pointer: UInt64, by domain: ObjectName, argument: UInt64)
    throws(Refused) -> (place: Place, capability: CapabilityValue)
  {
    let place = try resolve(pointer, by: domain, argument: argument)
    guard let capability = slots[place] else {
      throw Refused(.invalidCapability, argument: argument, detail: 64)
    }
    guard capability.type == type else {
      throw Refused(.wrongType, argument: argument, detail: UInt64(capability.type.rawValue))
    }
    return (place, capability)
  }

  /// Slot `index` of the CNode that a capability names.
  func slot(_ index: UInt64, of cnode: CapabilityValue, argument: UInt64) throws(Refused) -> Place {
    let count: UInt64 = 1 << (cnodes[cnode.object] ?? 0)
    guard index < count else { throw Refused(.outOfRange, argument: argument, detail: count) }
    return Place(holder: cnode.object, index: Int(index))
  }

  func emptySlot(_ index: UInt64, of cnode: CapabilityValue, argument: UInt64) throws(Refused) -> Place {
    let place = try slot(index, of: cnode, argument: argument)
    guard slots[place] == nil else { throw Refused(.slotOccupied, argument: argument) }
    return place
  }

  func filledSlot(_ index: UInt64, of cnode: CapabilityValue, argument: UInt64)
    throws(Refused) -> (place: Place, capability: CapabilityValue)
  {
    let place = try slot(index, of: cnode, argument: argument)
    guard let capability = slots[place] else { throw Refused(.slotEmpty, argument: argument) }
    return (place, capability)
  }

  func require(_ rights: Rights, of capability: CapabilityValue, argument: UInt64 = 0) throws(Refused) {
    let missing = rights.subtracting(capability.rights)
    guard missing.isEmpty else {
      throw Refused(.missingRight, argument: argument, detail: UInt64(missing.rawValue))
    }
  }

  /// What can be held twice can be copied.
  func requireCopyable(_ capability: CapabilityValue, argument: UInt64) throws(Refused) {
    switch capability.type {
    case .untyped, .timeSlice, .pageTable, .reply:
      throw Refused(.wrongType, argument: argument, detail: UInt64(capability.type.rawValue))
    default: return
    }
  }
}
