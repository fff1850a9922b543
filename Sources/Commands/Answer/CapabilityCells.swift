internal import Inspection

/// How capabilities and objects are shown, the same in every command.
extension Snapshot {
  func cell(ofDomain address: UInt64) -> Cell {
    address == 0 ? .none : .text(names.name(ofDomain: address))
  }

  /// The name of what a capability names.
  func objectCell(_ capability: CapabilityRecord) -> Cell {
    switch capability.detail {
    case .timeSlice(let start, let count):
      .text(count == 0 ? "slices none" : "slices \(start)-\(start + count - 1)")
    case .irq(let line): .text("irq[\(line)]")
    case .reply: cell(ofDomain: capability.address)
    default: capability.address == 0 ? .none : .text(capability.object.map(names.name(of:)))
    }
  }

  /// The rights, with `x` for execute where the type has it.
  func rightsCell(_ capability: CapabilityRecord) -> Cell { .text(rightsText(capability)) }

  private func rightsText(_ capability: CapabilityRecord) -> String {
    let executes = capability.kind == .frame || capability.kind == .segment
    let rights = capability.rights
    let index = (rights.read ? 1 : 0) + (rights.write ? 2 : 0) + (rights.grant ? 4 : 0) + (executes ? 8 : 0)
    return Self.rightsTexts[index]
  }

  /// All that there are.
  private static let rightsTexts: [String] = (0..<16).map { index in
    AccessRights(read: index & 1 != 0, write: index & 2 != 0, grant: index & 4 != 0).text(
      index & 8 != 0 ? "x" : "g")
  }

  /// What the type adds: badge, guard, size, place. In JSON an object with a member for each.
  func detailCell(_ slot: SlotRecord) -> Cell {
    switch slot.capability.detail {
    case .none: return .none
    case .badge(0): return .none
    case .badge(let badge): return .named("badge", badge)
    default:
      return Cell(text: { self.detailText(slot) }, members: { self.detailMembers(slot) })
    }
  }

  private func detailText(_ slot: SlotRecord) -> String {
    switch slot.capability.detail {
    case .none: ""
    case .irq(let line): "line \(line)"
    case .timeSlice(_, let count): "\(count) slots"
    case .untyped(let bits, let watermark, let isDevice):
      "\(Self.size(bits)), \(byteCount(watermark)) used\(isDevice ? ", device" : "")"
    case .cnode(let radix, let guardSize, let guardValue):
      "2^\(radix) slots, guard \(hexadecimal(guardValue))/\(guardSize)"
    case .badge(let badge): "badge \(hexadecimal(badge))"
    case .reply(let isMaster): isMaster ? "master" : "one-shot"
    case .frame(let bits, let isDevice, _):
      "\(Self.size(bits))\(isDevice ? ", device" : ""), \(place(of: slot))"
    case .table: place(of: slot)
    case .protectionDomain(let asid): "ASID \(asid)"
    case .zombie(let was, let remaining): "was a \(name(ofFormer: was)), \(remaining) to go"
    }
  }

  private func detailMembers(_ slot: SlotRecord) -> [Cell.Member] {
    switch slot.capability.detail {
    case .none: []
    case .irq(let line): [.init("line", .number(line))]
    case .timeSlice(let start, let count): [.init("start", .number(start)), .init("count", .number(count))]
    case .untyped(let bits, let watermark, let isDevice):
      [.init("sizeBits", .number(bits)), .init("used", .number(watermark)), .init("device", .flag(isDevice))]
    case .cnode(let radix, let guardSize, let guardValue):
      [
        .init("radix", .number(radix)), .init("guard", .hex(guardValue)),
        .init("guardSize", .number(guardSize)),
      ]
    case .badge(let badge): badge == 0 ? [] : [.init("badge", .hex(badge))]
    case .reply(let isMaster): [.init("master", .flag(isMaster))]
    case .frame(let bits, let isDevice, _):
      [
        .init("sizeBits", .number(bits)), .init("device", .flag(isDevice)), table(of: slot), index(of: slot),
      ]
    case .table: [table(of: slot), index(of: slot)]
    case .protectionDomain(let asid): [.init("asid", .number(asid))]
    case .zombie(let was, let remaining):
      [.init("was", .text(name(ofFormer: was))), .init("remaining", .number(remaining))]
    }
  }

  /// The type that an object had before its destruction began.
  private func name(ofFormer type: UInt8?) -> String {
    type.map(layouts.capability.name(ofType:)) ?? "object"
  }

  private func table(of slot: SlotRecord) -> Cell.Member {
    .init("table", link(of: slot).map { .hex($0.table) } ?? .none)
  }

  private func index(of slot: SlotRecord) -> Cell.Member {
    .init("index", link(of: slot).map { .number($0.index) } ?? .none)
  }

  private static func size(_ bits: UInt64) -> String { bits < 64 ? byteCount(1 << bits) : "2^\(bits) B" }

  /// Where memory is entered.
  private func place(of slot: SlotRecord) -> String {
    guard let link = link(of: slot) else {
      return slot.capability.kind == .segment ? "not attached" : "not mapped"
    }
    if slot.capability.kind == .frame, let address = virtualAddress(of: link) {
      return "at \(hexadecimal(address))"
    }
    return "in table \(hexadecimal(link.table))[\(link.index)]"
  }

  static let capabilityColumns: [Table.Column] = [
    .init("TYPE", "type"), .init("OBJECT", "object"), .init("ADDRESS", "address"), .init("RIGHTS", "rights"),
    .init("DETAIL", "detail"),
  ]

  func capabilityCells(_ slot: SlotRecord) -> [Cell] {
    var row = RowWriter(columnCount: Self.capabilityColumns.count)
    addCapabilityCells(of: slot, object: objectCell(slot.capability), to: &row)
    return row.cells
  }

  /// Adds a cell for each of ``capabilityColumns``.
  func addCapabilityCells(of slot: SlotRecord, object: Cell, to row: inout RowWriter) {
    let capability = slot.capability
    row.add(text: layouts.capability.name(ofType: capability.type))
    row.add(object)
    row.add(capability.address == 0 ? .none : .hex(capability.address))
    row.add(text: rightsText(capability))
    row.add(detailCell(slot))
  }

  /// Slots that hold a capability, by place.
  var filledSlots: [SlotRecord] {
    slots.orderedPositions.compactMap { slots.records[$0].capability.isNull ? nil : slots.records[$0] }
  }

  func derivedFromCell(_ slot: UInt64) -> Cell { .text(tree.parent(of: slot).map(names.name(ofSlot:))) }
}
