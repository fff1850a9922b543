import KernelObjects

extension Kernel {
  @inline(__always)
  func invokeProtectionDomain(_ context: InvocationContext) throws(Refusal) {
    switch context.label {
    case Invocation.protectionDomainAttach.rawValue: try attach(context)
    case Invocation.protectionDomainDetach.rawValue: try detach(context)
    case Invocation.protectionDomainInstall.rawValue: try installPageTable(context)
    default: throw context.noSuchInvocation
    }
  }

  /// One descriptor makes 2 MiB reachable, whatever is mapped inside.
  @inline(__always)
  private func attach(_ context: InvocationContext) throws(Refusal) {
    let slot = try capabilityArgument(0, .segment, in: context)
    let segment = slot.capability
    guard !isLinked(slot) else { throw Refusal(.alreadyMapped, argument: 1) }
    let asked = try rightsArgument(1, in: context)
    let rights = asked.intersection(segment.rights)
    guard rights.contains(.read) else {
      throw Refusal(.missingRight, argument: 2, detail: UInt64(Rights.read.rawValue))
    }
    let address = AddressSpace.segmentAddress(table: segment.address)
    let place = try tablePlace(
      address, level: 2, root: context.capability.address, asid: context.capability.asid)
    guard !TranslationDescriptor(word: entry(place).object).isValid else {
      throw Refusal(.alreadyMapped, argument: 1)
    }
    link(slot, place, .table(address: segment.address, rights: rights))
  }

  @inline(__always)
  private func detach(_ context: InvocationContext) throws(Refusal) {
    let slot = try capabilityArgument(0, .segment, in: context)
    // The capability says where it is attached; the invoked one gives the right to change that place.
    guard isLinked(slot), slot.capability.link.asid == context.capability.asid else {
      throw Refusal(.notMapped, argument: 1)
    }
    unlink(slot)
  }

  private func installPageTable(_ context: InvocationContext) throws(Refusal) {
    let slot = try capabilityArgument(0, .pageTable, in: context)
    guard !isLinked(slot) else { throw Refusal(.alreadyMapped, argument: 1) }
    let address = context.word(1)
    guard address &>> 48 == 0 else { throw Refusal(.outOfRange, argument: 2, detail: 1 &<< 48) }
    let root = context.capability.address
    let asid = context.capability.asid
    let upper = TableLink(
      table: root, index: AddressSpace.index(of: address, level: 0), asid: asid, level: 1)
    let place: TableLink
    if TranslationDescriptor(word: entry(upper).object).isValid {
      place = try tablePlace(address, level: 1, root: root, asid: asid)
    } else {
      place = upper
    }
    guard !TranslationDescriptor(word: entry(place).object).isValid else {
      throw Refusal(.alreadyMapped, argument: 2)
    }
    // It may have served a ProtectionDomain that is gone: what was attached there must not show here.
    machine.zero(slot.capability.address, count: 4096)
    registerTable(slot.capability.address)
    link(slot, place, .table(address: slot.capability.address))
  }

  /// The entry for `address` in the table of `level` (1 or 2), all tables above being there.
  private func tablePlace(_ address: UInt64, level: UInt64, root: UInt64, asid: UInt64) throws(Refusal)
    -> TableLink
  {
    var table = root
    var current: UInt64 = 0
    while current < level {
      let index = AddressSpace.index(of: address, level: current)
      let descriptor = TranslationDescriptor(word: Reference<UInt64>(table)[index].object)
      guard descriptor.isTable else { throw Refusal(.missingTable, argument: 1, detail: current &+ 1) }
      table = descriptor.address
      current &+= 1
    }
    return TableLink(
      table: table, index: AddressSpace.index(of: address, level: level), asid: asid, level: level &+ 1)
  }

  /// The ProtectionDomain's translations are gone: its ASID can name another.
  func forgetTables(ofRoot root: UInt64, asid: UInt64) {
    retireTable(root)
    machine.invalidate(asid: asid)
    releaseASID(asid)
  }
}
