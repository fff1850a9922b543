/// All of a kernel's objects as they were at one time, decoded; nothing more is read to answer from it.
package final class Snapshot {
  package enum Consistency: Equatable, Sendable {
    /// Nothing changed while it was read.
    case consistent
    /// The kernel changed its objects meanwhile; parts may contradict each other.
    case torn(before: UInt64, after: UInt64)
    /// The processor is stopped within a change of the kernel's objects.
    case amidChange
  }

  package let layouts: KernelLayouts
  /// What long work with it is told to.
  package let meter: WorkMeter
  package let state: StateRecord
  package let consistency: Consistency
  /// Slots that are not empty, by physical address.
  package let slots: SlotTable
  package let cnodes: [UInt64: CNodeRecord]
  package let domains: [UInt64: DomainRecord]
  package let endpoints: [UInt64: EndpointRecord]
  package let notifications: [UInt64: NotificationRecord]
  /// Descriptors of the translation tables that were read, by physical address.
  package let tables: [UInt64: [UInt64]]
  private let generations: [UInt64: UInt64]
  /// What was wrong while reading; the derivation tree's own findings are in ``tree``.
  package let readFindings: [Finding]
  /// Whether the translation tables were read too.
  package let includesTables: Bool

  package private(set) lazy var tree = DerivationTree(self)
  package private(set) lazy var names = ObjectNames(self)

  init(_ reader: SnapshotReader, state: StateRecord, consistency: Consistency) {
    layouts = reader.layouts
    meter = reader.meter
    self.state = state
    self.consistency = consistency
    slots = reader.slots
    cnodes = reader.cnodes
    domains = reader.domains
    endpoints = reader.endpoints
    notifications = reader.notifications
    tables = reader.tables
    includesTables = reader.includesTables
    generations = reader.generations
    readFindings = reader.findings
  }

  package var findings: [Finding] { readFindings + tree.findings }

  /// Domains in the order in which they are numbered, from 1: by physical address.
  package private(set) lazy var orderedDomains: [DomainRecord] =
    domains.values.sorted { $0.address < $1.address }

  /// Slots that hold a capability to an object, those nearest to the root of the derivation tree first.
  package private(set) lazy var holders = HolderTable(tree, slots)

  /// Slots of a CNode that hold a capability, in order.
  package func slots(ofCNode address: UInt64) -> [SlotRecord] {
    guard let cnode = cnodes[address], cnode.isReadable else { return [] }
    return (0..<cnode.slotCount).compactMap { index in
      let slot = slots[address &+ index * UInt64(layouts.slot.size)]
      return slot?.holder == .cnode(address: address, index: index) ? slot : nil
    }
  }

  /// Where a slot's Frame, Segment or PageTable is entered now; nil if nowhere, or in a table that is gone.
  package func link(of slot: SlotRecord) -> TableLinkRecord? {
    guard let link = slot.capability.link, slot.generation != 0, generations[link.table] == slot.generation
    else { return nil }
    return link
  }

  /// The generation of a translation table, 0 if its page is none; nil if the kernel keeps none for the page.
  package func generation(of table: UInt64) -> UInt64? { generations[table] }

  /// The slot of a Domain's own, if it holds a capability.
  package func ownSlot(_ name: String, of domain: UInt64) -> SlotRecord? {
    guard let own = layouts.domain.ownSlots.first(where: { $0.name == name }) else { return nil }
    return slots[domain &+ UInt64(own.offset)]
  }

  /// Names of a Domain's own slots and their offsets in bytes, in the order of the object.
  package var ownSlots: [(name: String, offset: Int)] { layouts.domain.ownSlots }

  /// Names of a Domain's own slots, in their order.
  package var ownSlotNames: [String] { ownSlots.map(\.name) }
}
