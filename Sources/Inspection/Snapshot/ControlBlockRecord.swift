package import TargetLink

/// What a Domain and the kernel say of its activations in the Domain's control block. Whoever can write to the block's
/// frame can have said it.
package struct ControlBlockRecord: Sendable {
  package let isOn: Bool
  /// Whether signals were left in the bound Notification.
  package let isPending: Bool

  /// Reads that of a domain.
  ///
  /// - Returns: nil if it has none.
  package init?(of domain: UInt64, in snapshot: Snapshot, from target: any Target) throws(TargetError) {
    guard let slot = snapshot.ownSlot(DomainLayout.controlBlock, of: domain),
      let layout = snapshot.layouts.controlBlock
    else { return nil }
    let range = MemoryRange(address: slot.capability.address, count: layout.size)
    guard let bytes = try target.readPhysical([range]).first ?? nil else {
      throw .unreadable(address: range.address, count: range.count)
    }
    let view = ByteView(bytes)
    isOn = view.integer(layout.isOn) == 1
    isPending = view.integer(layout.isPending) == 1
  }
}
