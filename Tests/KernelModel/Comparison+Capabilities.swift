internal import HostedKernel
internal import KernelCore
internal import KernelObjects

extension Comparison {
  func compare(_ slot: Reference<Slot>, _ value: CapabilityValue, _ place: Place, _ model: Model)
    throws(Difference)
  {
    let capability = slot.capability
    try expect(
      capability.type == value.type, "\(text(value, place)): the kernel has a \(capability.type)")
    try expect(
      capability.word0 == word0(of: value, model),
      "\(text(value, place)): address, size, guard or rights \(hex(capability.word0))")
    switch value.type {
    case .frame, .segment, .pageTable: try compareLink(slot, value, place, model)
    default:
      try expect(
        capability.word1 == word1(of: value, model),
        "\(text(value, place)): second word \(hex(capability.word1))")
    }
  }

  private func word0(of value: CapabilityValue, _ model: Model) -> UInt64 {
    let size: UInt64 =
      switch value.type {
      case .untyped: model.untypeds[value.object]?.sizeBits ?? 0
      case .cnode: model.cnodes[value.object] ?? 0
      case .frame: 12
      default: 0
      }
    let address = value.object.number < 0 ? 0 : model.addresses[value.object] ?? 0
    let capability = Capability(type: value.type, address: address, size: size, rights: value.rights)
    return Capability.guardSizeField.write(value.guardSize, into: capability.word0)
  }

  private func word1(of value: CapabilityValue, _ model: Model) -> UInt64 {
    switch value.type {
    case .untyped:
      let untyped = model.untypeds[value.object]
      return Capability.watermarkField.pack(untyped?.watermark ?? 0)
        | Capability.deviceField.pack(untyped?.isDevice == true ? 1 : 0)
    case .cnode: return value.guardValue
    case .protectionDomain: return model.protectionDomains[value.object] ?? 0
    case .endpoint, .notification: return value.badge
    case .reply: return value.isMaster ? 1 : 0
    case .timeSlice:
      let range = model.timeSlices[value.object] ?? 0..<0
      return Capability.timeSlice(start: UInt64(range.lowerBound), count: UInt64(range.count)).word1
    case .irqHandler: return UInt64(-1 - value.object.number)
    default: return 0
    }
  }

  private func compareLink(
    _ slot: Reference<Slot>, _ value: CapabilityValue, _ place: Place, _ model: Model
  ) throws(Difference) {
    let isDevice = model.frames[value.object]?.isDevice == true
    try expect(slot.capability.isDevice == isDevice, "\(text(value, place)): device or not")
    guard let (link, descriptor) = link(of: value, model) else {
      return try expect(
        !hosted.kernel.isLinked(slot), "\(text(value, place)): the kernel has it in a table")
    }
    try expect(hosted.kernel.isLinked(slot), "\(text(value, place)): the kernel has it in no table")
    try expect(slot.capability.link.word & ~deviceBit == link.word, "\(text(value, place)): in another table")
    let word = Reference<UInt64>(link.table)[link.index].object
    try expect(word == descriptor.word, "\(text(value, place)): descriptor \(hex(word))")
  }

  private var deviceBit: UInt64 { Capability.deviceField.pack(1) }

  /// Where the capability is entered in a table, and the descriptor that must be there.
  private func link(of value: CapabilityValue, _ model: Model) -> (TableLink, TranslationDescriptor)? {
    let address = model.addresses[value.object] ?? 0
    if let mapping = value.mapping {
      let isDevice = model.frames[value.object]?.isDevice == true
      return (
        TableLink(table: model.addresses[mapping.segment] ?? 0, index: mapping.index),
        .userPage(address: address, rights: mapping.rights, isDevice: isDevice)
      )
    }
    guard let entry = value.entry else { return nil }
    let link = TableLink(
      table: table(above: entry, model), index: entry.prefix & 511,
      asid: model.protectionDomains[entry.protectionDomain] ?? 0, level: entry.depth)
    return (link, .table(address: address, rights: entry.rights))
  }

  private func table(above entry: TableEntry, _ model: Model) -> UInt64 {
    if entry.depth == 1 { return model.addresses[entry.protectionDomain] ?? 0 }
    let above = model.slots.values.first {
      $0.entry?.depth == entry.depth - 1 && $0.entry?.isAbove(entry) == true
    }
    return above.flatMap { model.addresses[$0.object] } ?? 0
  }

  /// No table has a descriptor that no capability stands for.
  func compareTables(_ model: Model) throws(Difference) {
    var expected: [ObjectName: Int] = [:]
    for value in model.slots.values {
      if let mapping = value.mapping { expected[mapping.segment, default: 0] += 1 }
      if let entry = value.entry { expected[entry.protectionDomain, default: 0] += 1 }
    }
    for segment in model.segments {
      let count = validDescriptors(in: model.addresses[segment] ?? 0)
      try expect(
        count == expected[segment, default: 0], "segment \(segment.number) has \(count) valid descriptors")
    }
    for protectionDomain in model.protectionDomains.keys {
      let tables = model.slots.values.filter {
        $0.type == .pageTable && $0.entry?.protectionDomain == protectionDomain
      }.map(\.object)
      let count = ([protectionDomain] + tables).reduce(0) {
        $0 + validDescriptors(in: model.addresses[$1] ?? 0)
      }
      try expect(
        count == expected[protectionDomain, default: 0],
        "protection domain \(protectionDomain.number) has \(count) valid descriptors")
    }
  }

  private func validDescriptors(in table: UInt64) -> Int {
    var count: UInt64 = 0
    for index in UInt64(0)..<512 { count += Reference<UInt64>(table)[index].object & 1 }
    return Int(count)
  }

  /// A frame that no program wrote to is zero, at both ends at least.
  /// A thorough comparison is of all words, not only of those that were written one by one.
  func compareFrames(_ model: Model, isThorough: Bool) throws(Difference) {
    for (name, frame) in model.frames where !frame.isDevice && !frame.isUnknown {
      let words = Reference<UInt64>(model.addresses[name] ?? 0)
      for word in isThorough ? Array(0..<512) : [0, 511] + frame.others.keys {
        let found = words[UInt64(word)].object
        try expect(
          found == frame[word],
          "word \(word) of frame \(name.number) is 0x\(hex(found)), by the model 0x\(hex(frame[word]))")
      }
    }
  }
}
