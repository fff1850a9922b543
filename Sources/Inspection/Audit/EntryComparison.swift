/// What differs between a descriptor and the capability that is entered there.
struct EntryComparison {
  let entry: TranslationEntry
  let visit: TableVisit
  let index: Int
  let regime: TranslationRegime

  /// Names of what differs; empty if the descriptor is as the kernel writes it for the capability.
  func aspects(_ slot: SlotRecord, _ link: TableLinkRecord, _ snapshot: Snapshot) -> [String] {
    switch (slot.capability.detail, entry.kind) {
    case (_, .invalid): ["validity"]
    case (.frame(_, let isDevice, _), .leaf(let address)) where entry.level == 3:
      page(slot.capability, address: address, isDevice: isDevice)
    case (.table, .table(let next)) where link.level == entry.level + 1:
      table(slot.capability, next: next) + placement(slot.capability, link, snapshot)
    default: ["kind"]
    }
  }

  private func page(_ capability: CapabilityRecord, address: UInt64, isDevice: Bool) -> [String] {
    let rights = entry.rights
    let memory = regime.memory(entry.attributeIndex)
    let isUsual = isDevice ? memory.isDevice : memory == .normal
    return [
      address != capability.address ? "address" : nil,
      !rights.isSubset(of: capability.rights) || !rights.read || rights.write && rights.grant
        ? "rights" : nil,
      isUsual ? nil : "memory", !isDevice && !entry.isInnerShareable ? "shareability" : nil,
      entry.hasAccessFlag ? nil : "AF", entry.isGlobal ? "nG" : nil,
      entry.isPrivilegedExecuteNever ? nil : "PXN", entry.isContiguous ? "contiguous" : nil,
    ].compactMap(\.self)
  }

  private func table(_ capability: CapabilityRecord, next: UInt64) -> [String] {
    let rights = entry.rights
    let isWithin =
      capability.kind == .segment ? rights.isSubset(of: capability.rights) && rights.read : rights == .all
    return [
      next != capability.address ? "address" : nil, isWithin ? nil : "rights",
      entry.isPrivilegedExecuteNever ? nil : "PXNTable",
    ].compactMap(\.self)
  }

  /// Where a table is entered, and for whom.
  private func placement(_ capability: CapabilityRecord, _ link: TableLinkRecord, _ snapshot: Snapshot)
    -> [String]
  {
    let base = visit.base | UInt64(index) << TranslationTable.shift(level: visit.level)
    let isMisplaced =
      capability.kind == .segment && snapshot.segmentAddress(table: capability.address) != base
    return [
      link.asid != visit.asid ? "ASID" : nil, isMisplaced ? "virtual address" : nil,
    ].compactMap(\.self)
  }
}
