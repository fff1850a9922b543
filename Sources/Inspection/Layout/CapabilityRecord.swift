/// What a holder may do with the object; `grant` is execute for memory.
package struct AccessRights: Hashable, Sendable {
  package var read: Bool
  package var write: Bool
  package var grant: Bool

  package init(read: Bool, write: Bool, grant: Bool) {
    self.read = read
    self.write = write
    self.grant = grant
  }

  /// As `ls` would show it, with `letter` for the third right.
  package func text(_ letter: Character) -> String {
    String([read ? "r" : "-", write ? "w" : "-", grant ? letter : "-"])
  }
}

/// Where a Frame, Segment or PageTable is entered.
package struct TableLinkRecord: Hashable, Sendable {
  /// Physical address of the table that holds the entry.
  package var table: UInt64
  package var index: UInt64
  /// For which the processor may keep the entry; 0 of a frame, which serves all.
  package var asid: UInt64
  /// Of the table that is entered.
  package var level: UInt64
}

/// A capability as found in a slot, decoded.
package struct CapabilityRecord: Sendable {
  package enum Detail: Equatable, Sendable {
    case none
    case untyped(sizeBits: UInt64, watermark: UInt64, isDevice: Bool)
    case cnode(radix: UInt64, guardSize: UInt64, guardValue: UInt64)
    case badge(UInt64)
    case reply(isMaster: Bool)
    case timeSlice(start: UInt64, count: UInt64)
    case irq(UInt64)
    case frame(sizeBits: UInt64, isDevice: Bool, link: TableLinkRecord?)
    case table(link: TableLinkRecord?)
    case protectionDomain(asid: UInt64)
    /// The last capability to an object that is being destroyed, whose type had the number `was` if the kernel tells;
    /// `remaining` counts its slots, or the entries of its tables, that are still to be looked at.
    case zombie(was: UInt8?, remaining: UInt64)
  }

  package let kind: ObjectKind
  /// The kernel's number for the type: ``CapabilityEncoding/name(ofType:)`` has its name. A record has no text of its
  /// own, so that copying one of a million costs no count of references.
  package let type: UInt8
  package let word0: UInt64
  package let word1: UInt64
  /// Physical address of the object; 0 for those without memory.
  package var address: UInt64 = 0
  package var rights = AccessRights(read: false, write: false, grant: false)
  package var detail = Detail.none

  package init(kind: ObjectKind, type: UInt8, word0: UInt64, word1: UInt64) {
    self.kind = kind
    self.type = type
    self.word0 = word0
    self.word1 = word1
  }

  /// Where it says that it is entered; whether it still is, its slot's generation tells.
  package var link: TableLinkRecord? {
    switch detail {
    case .frame(_, _, let link), .table(let link): link
    default: nil
    }
  }

  package var isNull: Bool { kind == .null }

  /// The object it names; nil for a null capability.
  package var object: ObjectID? {
    switch kind {
    case .null: nil
    case .timeSlice, .irqHandler: ObjectID(kind, word1)
    default: ObjectID(kind, address)
    }
  }
}
