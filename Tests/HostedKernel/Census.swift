package import KernelCore
package import KernelObjects

/// Every slot of a system: those of all CNodes, of all Domains and of the interrupt table.
///
/// Found from the root CNode by what its capabilities name, without the derivation tree, so that the tree can be
/// checked against it.
struct Census {
  private(set) var filled: [Reference<Slot>] = []
  private(set) var domains: [Reference<Domain>] = []
  private var tables: Set<UInt64> = []

  init(_ hosted: HostedKernel) {
    let state = hosted.state
    visit(table: state.object.rootCNode, count: 1 << BootInfo.rootRadix)
    for irq in 0..<KernelState.irqCount {
      visit(Reference<Slot>(Reference<IRQEntry>(state.address + KernelState.irqsOffset)[irq].address))
    }
    for zombie in hosted.zombies {
      if !filled.contains(zombie) { filled.append(zombie) }
      follow(zombie.capability)
    }
    // Who runs may have lost the last capability that names it through the root.
    for domain in [state.object.current] where domain != 0 { visit(domain: Reference(domain)) }
  }

  private mutating func visit(table: UInt64, count: UInt64) {
    guard tables.insert(table).inserted else { return }
    for index in 0..<count { visit(Reference<Slot>(table)[index]) }
  }

  private mutating func visit(domain: Reference<Domain>) {
    guard tables.insert(domain.address).inserted else { return }
    domains.append(domain)
    for which in Domain.OwnSlot.allCases { visit(domain.slot(which)) }
  }

  private mutating func visit(_ slot: Reference<Slot>) {
    let capability = slot.capability
    if capability.isNull { return }
    filled.append(slot)
    follow(capability)
  }

  /// Visits what a capability names. A CNode that nothing but itself names is reached in no other way.
  mutating func follow(_ capability: Capability) {
    switch capability.type {
    case .cnode: visit(table: capability.address, count: 1 << capability.radix)
    case .domain, .reply: visit(domain: Reference(capability.address))
    case .zombie where capability.zombieType == .domain: visit(domain: Reference(capability.address))
    case .zombie where capability.zombieType == .cnode:
      visit(table: capability.address, count: capability.zombieRemaining)
    default: break
    }
  }
}

extension HostedKernel {
  /// The stack of objects that are being destroyed.
  package var zombies: [Reference<Slot>] {
    var result: [Reference<Slot>] = []
    var number = state.object.destruction
    while number != 0 && result.count < 1 << 16 {
      let zombie = Reference<Slot>(number << Slot.sizeBits)
      result.append(zombie)
      number = zombie.capability.zombieBelow
    }
    return result
  }
}

extension Capability {
  /// What the capability names, or named before it became a zombie.
  var objectType: CapabilityType { isA(.zombie) ? zombieType : type }
}
