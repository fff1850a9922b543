internal import KernelArch
internal import KernelCore
internal import KernelObjects

/// The capabilities below a slot of the derivation tree. The kernel may have been stopped while changing it, so
/// links are followed with care and not for ever.
struct DerivationWalk {
  private let root: UInt64
  /// Physical address of the slot that the last capability was in.
  private(set) var slot: UInt64
  private var budget: Int

  /// - Parameters:
  ///   - root: physical address of the slot.
  ///   - budget: how many steps are taken at most.
  init(root: UInt64, budget: Int = 1 << 20) {
    self.root = root
    self.budget = budget
    slot = root
  }

  mutating func next() -> Capability? {
    guard advance(), let word0 = word(0), let word1 = word(8) else { return nil }
    return Capability(word0: word0, word1: word1)
  }

  /// To the first child, else to the next sibling, else to that of the nearest ancestor that has one.
  private mutating func advance() -> Bool {
    guard let links = word(16) else { return false }
    let child = UInt32(truncatingIfNeeded: links)
    if child != 0 { return go(to: child) }
    while slot != root {
      guard let links = word(16) else { return false }
      let next = UInt32(truncatingIfNeeded: links &>> 32)
      guard go(to: next) else { return false }
      if next & Slot.parentTag == 0 { return true }
    }
    return false
  }

  private mutating func go(to number: UInt32) -> Bool {
    slot = UInt64(number & ~Slot.parentTag) &<< Slot.sizeBits
    budget &-= 1
    return slot != 0 && budget > 0
  }

  private func word(_ offset: UInt64) -> UInt64? {
    let address = DirectMap.virtualAddress(slot &+ offset)
    guard AddressTranslation.place(of: address)?.isDevice == false else { return nil }
    return Probe.load(address, width: 8)
  }
}

extension KernelTarget {
  /// The object of a type with the lowest physical address above `address`, found by its capabilities.
  func object(_ type: CapabilityType, after address: UInt64) -> UInt64? {
    var walk = DerivationWalk(root: kernel.stateReference.address)
    var next: UInt64?
    while let capability = walk.next() {
      guard capability.isA(type), capability.address > address else { continue }
      if capability.address < next ?? .max { next = capability.address }
    }
    return next
  }
}
