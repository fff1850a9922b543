/// Where things are in the single address space.
extension Snapshot {
  /// Physical address of the level 0 table of a domain's ProtectionDomain.
  package func translationRoot(of domain: UInt64) -> UInt64? {
    guard let slot = ownSlot("protectionDomain", of: domain), slot.capability.kind == .protectionDomain
    else { return nil }
    return slot.capability.address
  }

  /// The virtual address of a page by its place in a level 3 table.
  package func virtualAddress(of link: TableLinkRecord) -> UInt64? {
    segmentAddress(table: link.table).map { $0 | link.index << 12 }
  }

  /// The virtual base of the segment whose level 3 table is at `table`: its page number times 2 MiB.
  package func segmentAddress(table: UInt64) -> UInt64? {
    let number = table >> 12
    return number < 1 << 27 ? layouts.constants.segmentBase &+ number << 21 : nil
  }
}
