/// Where the parts of a capability are in its two words, as the kernel's descriptor tells.
package final class CapabilityEncoding: Sendable {
  let address, size, guardSize, rights, type: BitRange
  let watermark, device, replyMaster, sliceStart, sliceCount, irq, zombieRemaining: BitRange
  /// Older kernels do not tell.
  let zombieType: BitRange?
  let linkPage, linkIndex, linkASID, linkLevel, linked: BitRange
  let read, write, grant: BitRange
  package let typeNames: [UInt64: String]
  /// What each number in the type's bits means: a table of so few that a slot is decoded without a search.
  private let types: [(kind: ObjectKind, name: String)]
  private let nullType: Int?

  init(_ descriptor: KernelDescriptor) throws(InspectionError) {
    address = try descriptor.bits("Capability", "address")
    size = try descriptor.bits("Capability", "size")
    guardSize = try descriptor.bits("Capability", "guardSize")
    rights = try descriptor.bits("Capability", "rights")
    type = try descriptor.bits("Capability", "type")
    watermark = try descriptor.bits("Capability", "watermark")
    device = try descriptor.bits("Capability", "device")
    replyMaster = try descriptor.bits("Capability", "replyMaster")
    sliceStart = try descriptor.bits("Capability", "sliceStart")
    sliceCount = try descriptor.bits("Capability", "sliceCount")
    irq = try descriptor.bits("Capability", "irq")
    zombieType = try? descriptor.bits("Capability", "zombieType")
    zombieRemaining = try descriptor.bits("Capability", "zombieRemaining")
    linkPage = try descriptor.bits("TableLink", "page")
    linkIndex = try descriptor.bits("TableLink", "index")
    linkASID = try descriptor.bits("TableLink", "asid")
    linkLevel = try descriptor.bits("TableLink", "level")
    linked = try descriptor.bits("TableLink", "linked")
    read = try descriptor.bits("Rights", "read")
    write = try descriptor.bits("Rights", "write")
    grant = try descriptor.bits("Rights", "grant")
    let names = try descriptor.names(of: "CapabilityType")
    guard type.width <= Self.widestType else {
      throw descriptor.implausible("more types than any kernel has")
    }
    typeNames = names
    types = (0..<UInt64(1) << UInt64(type.width)).map { number in
      let name = names[number]
      return (name.flatMap(ObjectKind.init(rawValue:)) ?? .unknown, name ?? "type-\(number)")
    }
    nullType = types.firstIndex { $0.kind == .null }
  }

  /// In bits.
  private static let widestType = 8

  /// Whether a slot with this capability is empty.
  func isNull(word0: UInt64, word1: UInt64) -> Bool { Int(type.read(word0, word1)) == nullType }

  /// The kernel's name for a type of capability, or `type-N`.
  package func name(ofType number: UInt8) -> String {
    Int(number) < types.count ? types[Int(number)].name : "type-\(number)"
  }

  package func decode(word0: UInt64, word1: UInt64) -> CapabilityRecord {
    let number = UInt8(truncatingIfNeeded: type.read(word0, word1))
    let rights = rights.read(word0, word1)
    let kind = types[Int(number)].kind
    var record = CapabilityRecord(kind: kind, type: number, word0: word0, word1: word1)
    record.address = address.read(word0, word1)
    record.rights = AccessRights(
      read: read.read(rights) != 0, write: write.read(rights) != 0, grant: grant.read(rights) != 0)
    record.detail = detail(of: kind, word0, word1)
    return record
  }

  private func detail(of kind: ObjectKind, _ word0: UInt64, _ word1: UInt64) -> CapabilityRecord.Detail {
    let size = size.read(word0, word1)
    let isDevice = device.read(word0, word1) != 0
    switch kind {
    case .untyped:
      return .untyped(sizeBits: size, watermark: watermark.read(word0, word1), isDevice: isDevice)
    case .cnode:
      return .cnode(radix: size, guardSize: guardSize.read(word0, word1), guardValue: word1)
    case .endpoint, .notification:
      return .badge(word1)
    case .reply:
      return .reply(isMaster: replyMaster.read(word0, word1) != 0)
    case .timeSlice:
      return .timeSlice(start: sliceStart.read(word0, word1), count: sliceCount.read(word0, word1))
    case .irqHandler:
      return .irq(irq.read(word0, word1))
    case .frame:
      return .frame(sizeBits: size, isDevice: isDevice, link: link(word1))
    case .segment, .pageTable:
      return .table(link: link(word1))
    case .protectionDomain:
      return .protectionDomain(asid: word1)
    case .zombie:
      let was = zombieType.map { UInt8(truncatingIfNeeded: $0.read(word0, word1)) }
      return .zombie(was: was, remaining: zombieRemaining.read(word0, word1))
    case .null, .domain, .irqControl, .debug, .unknown:
      return .none
    }
  }

  private func link(_ word: UInt64) -> TableLinkRecord? {
    guard linked.read(word) != 0 else { return nil }
    return TableLinkRecord(
      table: linkPage.read(word) << 12, index: linkIndex.read(word), asid: linkASID.read(word),
      level: linkLevel.read(word))
  }
}
