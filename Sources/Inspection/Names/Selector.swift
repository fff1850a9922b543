/// What a user's word for a thing stands for: `server`, `3`, `server.cnode[3]`, `irq[34]`, `0x4100_2000`.
package struct Selection: Equatable, Sendable {
  /// The object, if it is one.
  package var object: ObjectID?
  /// The slot, if one was named; its capability names the object.
  package var slot: UInt64?
}

/// Why a word stands for nothing; a sentence.
package struct SelectorError: Error, Equatable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }
}

extension Snapshot {
  /// Finds what `text` names. Every name that is shown is understood, and any object's or slot's physical address.
  package func select(_ text: String) throws(SelectorError) -> Selection {
    if text == "origin" { return try selectSlot(slots.records.first { $0.holder == .origin }, text) }
    if let address = Self.address(text) { return try select(address: address, text) }
    if let at = text.firstIndex(of: "@"), let address = Self.address(String(text[text.index(after: at)...])) {
      return try select(address: address, text)
    }
    let parts = try Self.split(text)
    if parts.base == "irq", let line = parts.indices.first, parts.indices.count == 1 {
      return try selectSlot(slots.records.first { $0.holder == .irq(line: Int(clamping: line)) }, text)
    }
    guard let domain = names.domain(parts.base) else { throw unknownDomain(parts.base) }
    guard let field = parts.field else { return Selection(object: ObjectID(.domain, domain)) }
    guard ownSlotNames.contains(field) else {
      throw SelectorError(
        "a domain has no `\(field.printable)`; it has \(ownSlotNames.joined(separator: ", "))")
    }
    var slot = ownSlot(field, of: domain)
    for index in parts.indices { slot = try entry(index, of: slot, text) }
    return try selectSlot(slot, text)
  }

  package func unknownDomain(_ name: String) -> SelectorError {
    SelectorError(
      "there is no domain `\(name.printable)`; there are \(names.domainList.prefix(32).joined(separator: ", "))"
    )
  }

  private func select(address: UInt64, _ text: String) throws(SelectorError) -> Selection {
    if domains[address] != nil { return Selection(object: ObjectID(.domain, address)) }
    if cnodes[address] != nil { return Selection(object: ObjectID(.cnode, address)) }
    if endpoints[address] != nil { return Selection(object: ObjectID(.endpoint, address)) }
    if notifications[address] != nil { return Selection(object: ObjectID(.notification, address)) }
    if let slot = slots[address] { return Selection(object: slot.capability.object, slot: address) }
    for kind in [ObjectKind.segment, .pageTable, .protectionDomain, .frame, .untyped]
    where holders[ObjectID(kind, address)] != nil {
      return Selection(object: ObjectID(kind, address))
    }
    throw SelectorError("there is no kernel object at \(text.printable)")
  }

  private func selectSlot(_ slot: SlotRecord?, _ text: String) throws(SelectorError) -> Selection {
    guard let slot else { throw SelectorError("`\(text.printable)` is empty") }
    return Selection(object: slot.capability.object, slot: slot.address)
  }

  private func entry(_ index: UInt64, of slot: SlotRecord?, _ text: String) throws(SelectorError)
    -> SlotRecord?
  {
    guard let slot, slot.capability.kind == .cnode, let cnode = cnodes[slot.capability.address] else {
      throw SelectorError("`\(text.printable)` goes through something that is no CNode")
    }
    guard index < cnode.slotCount else {
      throw SelectorError(
        "\(names.name(ofCNode: cnode.address)) has \(cnode.slotCount) slots: 0...\(cnode.slotCount - 1)")
    }
    return slots[cnode.address &+ index * UInt64(layouts.slot.size)]
  }

  /// A hexadecimal number with `0x`; underscores may separate digits.
  package static func address(_ text: String) -> UInt64? {
    guard text.hasPrefix("0x") || text.hasPrefix("0X") else { return nil }
    return UInt64(text.dropFirst(2).filter { $0 != "_" }, radix: 16)
  }

  /// A number in decimal, or in hexadecimal with `0x`.
  package static func number(_ text: String) -> UInt64? { address(text) ?? UInt64(text) }

  private struct Parts {
    var base: String
    var field: String?
    var indices: [UInt64] = []
  }

  /// Takes `base.field[1][2]` apart.
  private static func split(_ text: String) throws(SelectorError) -> Parts {
    let malformed = SelectorError(
      "`\(text.printable)` is no name; names look like `server`, `server.cnode[3]`, `irq[34]` or 0x40001000")
    var pieces = text.split(separator: "[", omittingEmptySubsequences: false)
    guard let head = pieces.first, !head.isEmpty else { throw malformed }
    pieces.removeFirst()
    let names = head.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    var parts = Parts(base: String(names[0]), field: names.count > 1 ? String(names[1]) : nil)
    for piece in pieces {
      guard piece.last == "]", let index = number(String(piece.dropLast())) else { throw malformed }
      parts.indices.append(index)
    }
    if parts.field == nil, !parts.indices.isEmpty, parts.base != "irq" { throw malformed }
    return parts
  }
}
