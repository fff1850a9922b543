import KernelObjects

// Capability pointers are resolved by guard and radix, as in seL4 (reference manual, 3.3).
extension Kernel {
  /// Resolves all 64 bits of `pointer` from `root`.
  func resolve(_ pointer: UInt64, from root: Capability, argument: UInt64 = 0) throws(Refusal) -> Reference<
    Slot
  > {
    var node = root
    var bitsLeft: UInt64 = 64
    while true {
      let radix = node.radix
      let guardSize = node.guardSize
      // No CNode has radix 0.
      guard node.isA(.cnode), guardSize &+ radix <= bitsLeft else { throw unresolved(argument, bitsLeft) }
      let left = bitsLeft &- guardSize &- radix
      let bits = pointer &>> left
      if guardSize != 0, (bits &>> radix) & ((1 &<< guardSize) &- 1) != node.guardValue {
        throw unresolved(argument, bitsLeft)
      }
      bitsLeft = left
      let slot = Reference<Slot>(node.address)[bits & ((1 &<< radix) &- 1)]
      if bitsLeft == 0 { return slot }
      node = slot.capability
    }
  }

  /// Whether the Domain's root CNode is all that its capability pointers pass through.
  func resolvesInOneStep(_ domain: Reference<Domain>) -> Bool {
    let root = domain.object.cnodeRoot.capability
    return root.guardSize &+ root.radix == 64
  }

  private func unresolved(_ argument: UInt64, _ bitsLeft: UInt64) -> Refusal {
    Refusal(.invalidCapability, argument: argument, detail: 64 &- bitsLeft)
  }

  /// The slot that `domain` names by `pointer`; it may be empty.
  @inline(__always)
  func lookUpSlot(_ pointer: UInt64, in domain: Reference<Domain>, argument: UInt64 = 0)
    throws(Refusal) -> Reference<Slot>
  {
    if let slot = fastLookUp(pointer, in: domain) { return slot }
    return try resolve(pointer, from: domain.object.cnodeRoot.capability, argument: argument)
  }

  /// The slot that `domain` names by `pointer`, with a capability of `type` in it.
  @inline(__always)
  func lookUp(_ type: CapabilityType, _ pointer: UInt64, in domain: Reference<Domain>, argument: UInt64)
    throws(Refusal) -> Reference<Slot>
  {
    let slot = try lookUpSlot(pointer, in: domain, argument: argument)
    let capability = slot.capability
    guard !capability.isNull else { throw Refusal(.invalidCapability, argument: argument, detail: 64) }
    guard capability.isA(type) else {
      throw Refusal(.wrongType, argument: argument, detail: UInt64(capability.rawType))
    }
    return slot
  }

  /// Slot `index` of a CNode.
  @inline(__always)
  func slot(_ index: UInt64, of cnode: Capability, argument: UInt64) throws(Refusal) -> Reference<Slot> {
    let count: UInt64 = 1 &<< cnode.radix
    guard index < count else { throw Refusal(.outOfRange, argument: argument, detail: count) }
    return Reference<Slot>(cnode.address)[index]
  }

  /// Slot `index` of a CNode, which must be empty.
  @inline(__always)
  func emptySlot(_ index: UInt64, of cnode: Capability, argument: UInt64) throws(Refusal) -> Reference<Slot> {
    let slot = try slot(index, of: cnode, argument: argument)
    guard slot.capability.isNull else { throw Refusal(.slotOccupied, argument: argument) }
    return slot
  }

  /// Slot `index` of a CNode, which must hold a capability that its holder may handle.
  @inline(__always)
  func filledSlot(_ index: UInt64, of cnode: Capability, argument: UInt64) throws(Refusal) -> Reference<Slot>
  {
    let slot = try slot(index, of: cnode, argument: argument)
    let capability = slot.capability
    guard !capability.isNull else { throw Refusal(.slotEmpty, argument: argument) }
    guard !capability.isA(.zombie) else {
      throw Refusal(.wrongType, argument: argument, detail: UInt64(capability.rawType))
    }
    return slot
  }
}
