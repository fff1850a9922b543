/// Where a slot is.
package enum SlotHolder: Hashable, Sendable {
  /// The root of the derivation tree.
  case origin
  /// An entry of the CNode at this physical address.
  case cnode(address: UInt64, index: UInt64)
  /// One of a Domain's own slots, by its position.
  case domain(address: UInt64, slot: Int)
  /// The Notification of an interrupt line.
  case irq(line: Int)
  /// Known only because the derivation tree leads to it.
  case unknown
}

/// A capability slot that is not empty.
package struct SlotRecord: Sendable {
  package let address: UInt64
  package var holder: SlotHolder
  package let capability: CapabilityRecord
  /// Physical address of the first capability derived from this one; 0 is none.
  package let child: UInt64
  /// Physical address of the next sibling, or of the parent if this is the last.
  package let next: UInt64
  package let nextIsParent: Bool
  package let previous: UInt64
  package let generation: UInt64
}

/// A table of slots.
package struct CNodeRecord: Sendable {
  package let address: UInt64
  package let radix: UInt64
  /// Slots that hold a capability.
  package var used: Int = 0
  /// Whether its slots could be read.
  package var isReadable = true

  package var slotCount: UInt64 { 1 << radix }
}

/// A Domain as it is stored; registers are those of its last kernel entry.
package struct DomainRecord: Sendable {
  package let address: UInt64
  package let state: String
  /// Whether a debugger keeps it from executing, whatever its state.
  package let isHeld: Bool
  package let fault: String
  package let faultSyndrome, faultAddress: UInt64
  /// Physical address of the object it waits at.
  package let blockedOn: UInt64
  /// Domain that has the right to answer it, while it waits for that.
  package let servedBy: UInt64
  /// Domain that runs on its time, while it is lending.
  package let lentTo: UInt64
  package let queueNext, queuePrevious: UInt64
  package let sendBadge: UInt64
  package let isCall, canGrant, isFault: Bool
  package let boundSlices: UInt64
  package let boundNotification: UInt64
  package let ticks: UInt64
  /// Its 16 bytes of name up to the first zero, made printable; may be empty or not unique.
  package let storedName: String
  package let registers: [(name: String, value: UInt64)]

  package func register(_ name: String) -> UInt64 {
    registers.first { $0.name == name }?.value ?? 0
  }
}

package struct EndpointRecord: Sendable {
  package let address: UInt64
  package let sendHead, sendTail, receiveHead, receiveTail: UInt64
  /// Domains in the queues, first first.
  package var senders: [UInt64] = []
  package var receivers: [UInt64] = []
}

package struct NotificationRecord: Sendable {
  package let address: UInt64
  package let pending: UInt64
  package let waitHead, waitTail: UInt64
  package let boundDomain: UInt64
  package var waiters: [UInt64] = []
}

package struct SliceRecord: Sendable {
  package let index: Int
  /// Physical address of the Domain; 0 is none.
  package let domain: UInt64
  /// Times that it began.
  package let ticks: UInt64
  /// Timer counts: used by the Domain and those who served it, lent to others, and left when it ended early; nil of a
  /// kernel that does not count them.
  package let used, lent, lost: UInt64?
  /// Physical address of the Domain that it was lent to last; 0 is none. It may be gone.
  package let borrower: UInt64?
}

package struct IRQRecord: Sendable {
  package let line: Int
  /// Physical address of its Notification slot.
  package let slot: UInt64
  package let isIssued, isEdge, isMasked, isKernel: Bool
  package let count: UInt64
  /// Nil of a kernel that lets handlers take what they want.
  package let budget: IRQBudgetRecord?
}

/// What an interrupt line's handlers may take of slots that are others'.
package struct IRQBudgetRecord: Sendable {
  /// Timer counts in a window, and those taken in the present one, without what goes on.
  package let counts, spent: UInt64
  /// The budget kept a handler from running, in the present window, or it has not acknowledged the line since.
  package let isThrottled: Bool
}

package struct MemoryRegionRecord: Sendable {
  package let base, size: UInt64
  package let kind: String
}

/// The kernel's state outside of its objects.
package struct StateRecord: Sendable {
  package let epoch, current, activeRoot, emptyRoot, rootCNode, rootDomain: UInt64
  /// Where the generations of translation tables are: physical address of the first, page of it, number.
  package let generations, generationBase, generationCount: UInt64
  /// Physical address of the slot of the innermost zombie.
  package let destruction: UInt64
  package let currentSlice, ticks: UInt64
  /// Timer counts on no slot's account; nil of a kernel that does not count them.
  package let idle: UInt64?
  package let regions: [MemoryRegionRecord]
  package let slices: [SliceRecord]
  /// Bit n of word n / 64: ASID n is taken. All are clear unless tables were read too.
  package let asids: [UInt64]
  package let irqs: [IRQRecord]

  package func isTaken(asid: UInt64) -> Bool {
    asid / 64 < UInt64(asids.count) && asids[Int(asid / 64)] >> (asid % 64) & 1 != 0
  }
}
