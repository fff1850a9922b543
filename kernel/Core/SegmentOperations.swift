import KernelObjects

extension Kernel {
  @inline(__always)
  func invokeSegment(_ context: InvocationContext) throws(Refusal) {
    switch context.label {
    case Invocation.segmentMap.rawValue: try map(context)
    case Invocation.segmentUnmap.rawValue: unlink(try mappedFrame(context))
    case Invocation.segmentProtect.rawValue: try protect(context)
    case Invocation.segmentGetAddress.rawValue:
      answer(context.caller, word: AddressSpace.segmentAddress(table: context.capability.address))
    case Invocation.segmentTranslate.rawValue: try translate(context)
    default: throw context.noSuchInvocation
    }
  }

  /// What a driver tells its device of memory that it is given by name only.
  @inline(never)
  private func translate(_ context: InvocationContext) throws(Refusal) {
    let index = context.word(0)
    guard index < 512 else { throw Refusal(.outOfRange, argument: 1, detail: 512) }
    let table = Reference<UInt64>(context.capability.address)
    let first = TranslationDescriptor(word: table[index].object)
    guard first.isValid else { throw Refusal(.notMapped, argument: 1) }
    var count: UInt64 = 1
    while index &+ count < 512, table[index &+ count].object == first.word &+ count &<< AddressSpace.pageBits
    {
      count &+= 1
    }
    let caller = context.caller
    caller[x: 1] = MessageInfo(label: 0, length: 4).word
    caller[x: 2] = first.address
    caller[x: 3] = UInt64(first.userRights.intersection(context.capability.rights).rawValue)
    caller[x: 4] = count
    caller[x: 5] = first.isDevice ? 1 : 0
  }

  @inline(__always)
  private func map(_ context: InvocationContext) throws(Refusal) {
    try require(.write, of: context.capability)
    let slot = try capabilityArgument(0, .frame, in: context)
    guard !isLinked(slot) else { throw Refusal(.alreadyMapped, argument: 1) }
    let index = context.word(1)
    guard index < 512 else { throw Refusal(.outOfRange, argument: 2, detail: 512) }
    let descriptor = try pageDescriptor(slot.capability, rights: context.word(2), argument: 3)
    let place = TableLink(table: context.capability.address, index: index)
    guard !TranslationDescriptor(word: entry(place).object).isValid else {
      throw Refusal(.alreadyMapped, argument: 2)
    }
    link(slot, place, descriptor)
  }

  private func protect(_ context: InvocationContext) throws(Refusal) {
    try require(.write, of: context.capability)
    let slot = try mappedFrame(context)
    let descriptor = try pageDescriptor(slot.capability, rights: context.word(1), argument: 2)
    let link = slot.capability.link
    // Break before make (Arm ARM, D8.14.1): no walker may see the old and the new descriptor mixed.
    entry(link).object = TranslationDescriptor.invalid.word
    invalidate(link, isPage: true)
    entry(link).object = descriptor.word
    machine.publishDescriptors()
  }

  /// The frame of word 0, which is mapped in this very segment.
  @inline(__always)
  private func mappedFrame(_ context: InvocationContext) throws(Refusal) -> Reference<Slot> {
    let slot = try capabilityArgument(0, .frame, in: context)
    guard isLinked(slot), slot.capability.link.table == context.capability.address else {
      throw Refusal(.notMapped, argument: 1)
    }
    return slot
  }

  /// A page is never writable and executable.
  private func pageDescriptor(_ frame: Capability, rights word: UInt64, argument: UInt64)
    throws(Refusal) -> TranslationDescriptor
  {
    guard word <= 7 else { throw Refusal(.outOfRange, argument: argument, detail: 8) }
    let rights = Rights(rawValue: UInt8(truncatingIfNeeded: word))
    guard rights.isSubset(of: frame.rights) else {
      throw Refusal(
        .missingRight, argument: argument, detail: UInt64(rights.subtracting(frame.rights).rawValue))
    }
    guard rights.contains(.read), !(rights.contains(.write) && rights.contains(.execute)) else {
      throw Refusal(.invalidArgument, argument: argument, detail: word)
    }
    guard !(frame.isDevice && rights.contains(.execute)) else {
      throw Refusal(.invalidArgument, argument: argument, detail: word)
    }
    return .userPage(address: frame.address, rights: rights, isDevice: frame.isDevice)
  }

  @inline(__always)
  func require(_ rights: Rights, of capability: Capability, argument: UInt64 = 0) throws(Refusal) {
    guard rights.isSubset(of: capability.rights) else {
      throw Refusal(
        .missingRight, argument: argument, detail: UInt64(rights.subtracting(capability.rights).rawValue))
    }
  }
}

extension Kernel {
  func invokeFrame(_ context: InvocationContext) throws(Refusal) {
    switch context.label {
    case Invocation.frameGetAddress.rawValue:
      answer(context.caller, word: context.capability.address)
    case Invocation.frameSynchronizeInstructions.rawValue:
      guard !context.capability.isDevice else { throw Refusal(.invalidArgument) }
      machine.synchronizeInstructions(
        context.capability.address, count: 1 &<< context.capability.size)
    default: throw context.noSuchInvocation
    }
  }
}
