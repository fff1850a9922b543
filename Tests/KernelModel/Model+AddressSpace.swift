internal import KernelObjects

extension Model {
  /// The virtual address that a segment's physical address stands for.
  func segmentAddress(_ segment: ObjectName) -> UInt64 { (addresses[segment] ?? 0) / 4096 * 2 << 20 }

  private func hasTable(at place: TableEntry) -> Bool {
    slots.values.contains { $0.entry?.isSamePlace(as: place) == true }
  }

  mutating func invokeProtectionDomain(_ invocation: Invocation, _ call: Call) throws(Refused) {
    switch invocation {
    case .protectionDomainAttach: try attach(call)
    case .protectionDomainDetach: try detach(call)
    default: try installPageTable(call)
    }
  }

  private mutating func attach(_ call: Call) throws(Refused) {
    let segment = try argument(0, .segment, of: call)
    guard segment.capability.entry == nil else { throw Refused(.alreadyMapped, argument: 1) }
    let rights = try rights(1, of: call).intersection(segment.capability.rights)
    guard rights.contains(.read) else {
      throw Refused(.missingRight, argument: 2, detail: UInt64(Rights.read.rawValue))
    }
    let address = segmentAddress(segment.capability.object)
    for depth in UInt64(1)...2
    where !hasTable(at: TableEntry(call.capability.object, depth: depth, address: address)) {
      throw Refused(.missingTable, argument: 1, detail: depth)
    }
    let entry = TableEntry(call.capability.object, depth: 3, address: address, rights: rights)
    guard !hasTable(at: entry) else { throw Refused(.alreadyMapped, argument: 1) }
    slots[segment.place]?.entry = entry
  }

  private mutating func detach(_ call: Call) throws(Refused) {
    let segment = try argument(0, .segment, of: call)
    guard segment.capability.entry?.protectionDomain == call.capability.object else {
      throw Refused(.notMapped, argument: 1)
    }
    slots[segment.place]?.entry = nil
  }

  private mutating func installPageTable(_ call: Call) throws(Refused) {
    let table = try argument(0, .pageTable, of: call)
    guard table.capability.entry == nil else { throw Refused(.alreadyMapped, argument: 1) }
    let address = call.words[1]
    guard address < 1 << 48 else { throw Refused(.outOfRange, argument: 2, detail: 1 << 48) }
    let places = [1, 2].map { TableEntry(call.capability.object, depth: $0, address: address) }
    guard let missing = places.first(where: { !hasTable(at: $0) }) else {
      throw Refused(.alreadyMapped, argument: 2)
    }
    slots[table.place]?.entry = missing
  }
}

extension Model {
  mutating func invokeSegment(_ invocation: Invocation, _ call: Call) throws(Refused) -> [UInt64] {
    switch invocation {
    case .segmentMap: try map(call)
    case .segmentUnmap:
      let frame = try mappedFrame(call)
      slots[frame.place]?.mapping = nil
    case .segmentProtect:
      try require(.write, of: call.capability)
      let frame = try mappedFrame(call)
      let rights = try pageRights(1, of: frame.capability, call)
      slots[frame.place]?.mapping?.rights = rights
    case .segmentTranslate: return try translate(call)
    default: return [segmentAddress(call.capability.object)]
    }
    return []
  }

  private func translate(_ call: Call) throws(Refused) -> [UInt64] {
    let index = call.words[0]
    guard index < 512 else { throw Refused(.outOfRange, argument: 1, detail: 512) }
    guard let first = page(index, of: call.capability.object) else { throw Refused(.notMapped, argument: 1) }
    let run = (index..<512).prefix { next in
      page(next, of: call.capability.object).map {
        $0.address == first.address + (next - index) * 4096 && $0.rights == first.rights
          && $0.isDevice == first.isDevice
      } ?? false
    }
    let rights = first.rights.intersection(call.capability.rights)
    return [first.address, UInt64(rights.rawValue), UInt64(run.count), first.isDevice ? 1 : 0]
  }

  /// What is entered at `index` of a segment.
  private func page(_ index: UInt64, of segment: ObjectName) -> (
    address: UInt64, rights: Rights, isDevice: Bool
  )? {
    for value in slots.values {
      guard let mapping = value.mapping, mapping.segment == segment, mapping.index == index else { continue }
      return (addresses[value.object] ?? 0, mapping.rights, frames[value.object]?.isDevice == true)
    }
    return nil
  }

  private mutating func map(_ call: Call) throws(Refused) {
    try require(.write, of: call.capability)
    let frame = try argument(0, .frame, of: call)
    guard frame.capability.mapping == nil else { throw Refused(.alreadyMapped, argument: 1) }
    let index = call.words[1]
    guard index < 512 else { throw Refused(.outOfRange, argument: 2, detail: 512) }
    let rights = try pageRights(2, of: frame.capability, call)
    let segment = call.capability.object
    let isTaken = slots.values.contains { $0.mapping?.segment == segment && $0.mapping?.index == index }
    guard !isTaken else { throw Refused(.alreadyMapped, argument: 2) }
    slots[frame.place]?.mapping = Mapping(segment: segment, index: index, rights: rights)
  }

  private func mappedFrame(_ call: Call) throws(Refused) -> (place: Place, capability: CapabilityValue) {
    let frame = try argument(0, .frame, of: call)
    guard frame.capability.mapping?.segment == call.capability.object else {
      throw Refused(.notMapped, argument: 1)
    }
    return frame
  }

  /// A page can be read, is never writable and executable, and devices are not executed.
  private func pageRights(_ index: Int, of frame: CapabilityValue, _ call: Call) throws(Refused) -> Rights {
    let rights = try rights(index, of: call)
    try require(rights, of: frame, argument: UInt64(index) + 1)
    let isDevice = frames[frame.object]?.isDevice == true
    let isAllowed: [Rights] = isDevice ? [.read, .readWrite] : [.read, .readWrite, .readExecute]
    guard isAllowed.contains(rights) else {
      throw Refused(.invalidArgument, argument: UInt64(index) + 1, detail: UInt64(rights.rawValue))
    }
    return rights
  }

  func invokeFrame(_ invocation: Invocation, _ call: Call) throws(Refused) -> [UInt64] {
    switch invocation {
    case .frameGetAddress: return [addresses[call.capability.object] ?? 0]
    default:
      guard frames[call.capability.object]?.isDevice == false else { throw Refused(.invalidArgument) }
      return []
    }
  }
}

extension Rights {
  fileprivate static let readWrite = Rights(rawValue: 3)
  fileprivate static let readExecute = Rights(rawValue: 5)
}
