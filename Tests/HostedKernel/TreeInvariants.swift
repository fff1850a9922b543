internal import KernelCore
internal import KernelObjects

extension InvariantChecker {
  /// The tree holds exactly the filled slots, its links agree, and a copy has no more rights than its source.
  func checkTree() {
    var seen: Set<UInt64> = []
    guard walk([Reference<Slot>(hosted.state.address)], &seen) else { return }
    seen.remove(hosted.state.address)
    var knownDomains = 0
    while knownDomains < census.domains.count {
      // Each Domain's own replies are a tree of their own, and the trees can lead to more Domains.
      let masters = census.domains[knownDomains...].map { $0.slot(.replyMaster) }
      knownDomains = census.domains.count
      guard walk(masters.filter { !$0.capability.isNull }, &seen) else { return }
      let filled = Set(census.filled.map(\.address))
      for address in seen.subtracting(filled) { census.follow(Reference<Slot>(address).capability) }
    }
    let filled = Set(census.filled.map(\.address))
    for slot in census.filled where !seen.contains(slot.address) {
      expect(false, "\(name(slot)) is not in the tree")
    }
    for address in seen.subtracting(filled) {
      expect(false, "\(name(Reference(address))) is in the tree, but in no CNode")
    }
  }

  /// Adds what is below `roots` to `seen`, unless something is there twice.
  private func walk(_ roots: [Reference<Slot>], _ seen: inout Set<UInt64>) -> Bool {
    var stack = roots
    while let parent = stack.popLast() {
      guard seen.insert(parent.address).inserted else {
        expect(false, "\(name(parent)) is in the tree twice")
        return false
      }
      stack += children(of: parent)
    }
    return true
  }

  /// The children of a slot, their links checked.
  private func children(of parent: Reference<Slot>) -> [Reference<Slot>] {
    var result: [Reference<Slot>] = []
    guard parent.object.child != 0 else { return [] }
    let first = slot(parent.object.child)
    var child = first
    while result.count < 1 << 20 {
      result.append(child)
      expect(!child.capability.isNull, "\(name(parent)) has an empty child")
      checkDerivation(of: child, from: parent)
      let next = child.object.next
      if next & Slot.parentTag != 0 {
        expect(slot(next) == parent, "the last child of \(name(parent)) names another parent")
        expect(slot(first.object.previous) == child, "the first child of \(name(parent)) misses the last")
        return result
      }
      guard next != 0 else {
        expect(false, "the children of \(name(parent)) end without a way back")
        return result
      }
      expect(slot(slot(next).object.previous) == child, "siblings below \(name(parent)) disagree")
      child = slot(next)
    }
    return result
  }

  private func checkDerivation(of child: Reference<Slot>, from parent: Reference<Slot>) {
    let capability = child.capability
    let source = parent.capability
    if capability.isSameObject(as: source) {
      expect(capability.rights.isSubset(of: source.rights), "\(name(child)) has more rights than its source")
      if capability.isA(.endpoint) || capability.isA(.notification), source.badge != 0 {
        expect(capability.badge == source.badge, "\(name(child)) has another badge than its source")
      }
    }
  }

  private func slot(_ number: UInt32) -> Reference<Slot> {
    Reference(UInt64(number & ~Slot.parentTag) << Slot.sizeBits)
  }

  /// What the kernel takes for the last capability to an object is just that.
  func checkFinality() {
    var counts: [UInt64: Int] = [:]
    for slot in census.filled { counts[identity(slot.capability), default: 0] += 1 }
    for slot in census.filled {
      switch slot.capability.type {
      case .untyped, .timeSlice, .reply, .irqControl, .debug: continue
      default: break
      }
      expect(
        hosted.kernel.isFinal(slot) == (counts[identity(slot.capability)] == 1),
        "\(name(slot)) is taken for \(hosted.kernel.isFinal(slot) ? "" : "not ")the last of its object")
    }
  }

  private func identity(_ capability: Capability) -> UInt64 {
    UInt64(capability.rawType) << 59 | (capability.isA(.irqHandler) ? capability.irq : capability.address)
  }
}
