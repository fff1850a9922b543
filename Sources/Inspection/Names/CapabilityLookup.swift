/// A capability pointer resolved as the kernel does: at each CNode, guard bits, then an index.
package struct CapabilityLookup: Sendable {
  package struct Step: Sendable {
    /// Physical address of the CNode.
    package let cnode: UInt64
    package let guardSize: UInt64
    /// The bits that were compared with the guard.
    package let guardBits: UInt64
    package let guardValue: UInt64
    package let radix: UInt64
    package let index: UInt64
    /// Bits of the pointer that are left after this step.
    package let remaining: UInt64
  }

  package enum Outcome: Equatable, Sendable {
    case found(slot: UInt64)
    case empty(slot: UInt64)
    case failed(String)
  }

  package private(set) var steps: [Step] = []
  package private(set) var outcome = Outcome.failed("the domain has no CNode")

  /// `root` is the capability of the Domain's root CNode.
  package init(_ pointer: UInt64, root: CapabilityRecord?, in snapshot: Snapshot) {
    guard var capability = root, capability.kind == .cnode else { return }
    var remaining: UInt64 = 64
    repeat {
      outcome = step(pointer, &remaining, through: capability, snapshot)
      guard case .found(let slot) = outcome, let next = snapshot.slots[slot] else { return }
      capability = next.capability
    } while remaining > 0
  }

  /// Resolves the bits of one CNode.
  private mutating func step(
    _ pointer: UInt64, _ remaining: inout UInt64, through capability: CapabilityRecord, _ snapshot: Snapshot
  ) -> Outcome {
    guard case .cnode(let radix, let guardSize, let guardValue) = capability.detail else {
      return .failed("\(remaining) bits are left at a capability that is no CNode")
    }
    guard radix > 0 else { return .failed("a CNode capability that resolves no bits") }
    guard guardSize + radix <= remaining else {
      return .failed("\(guardSize) guard bits and \(radix) index bits, but \(remaining) bits are left")
    }
    let guardBits = Self.bits(of: pointer, below: remaining, count: guardSize)
    let index = Self.bits(of: pointer, below: remaining - guardSize, count: radix)
    remaining -= guardSize + radix
    steps.append(
      Step(
        cnode: capability.address, guardSize: guardSize, guardBits: guardBits, guardValue: guardValue,
        radix: radix, index: index, remaining: remaining))
    guard guardSize == 0 || guardBits == guardValue else {
      return .failed("the guard is \(hexadecimal(guardValue)), the pointer has \(hexadecimal(guardBits))")
    }
    let address = capability.address &+ index &* UInt64(snapshot.layouts.slot.size)
    guard let slot = snapshot.slots[address], !slot.capability.isNull else { return .empty(slot: address) }
    return .found(slot: address)
  }

  /// `count` bits of which the highest is bit `below - 1`.
  private static func bits(of pointer: UInt64, below: UInt64, count: UInt64) -> UInt64 {
    guard count > 0 else { return 0 }
    return (pointer >> (below - count)) & (count == 64 ? .max : 1 << count - 1)
  }
}
