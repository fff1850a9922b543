import Inspection
import KernelImage
import KernelObjects
import Testing

@Suite struct CapabilityLookupTests {
  /// The server's root CNode has 8 slots behind a guard of 50 bits of zero, and in slot 5 another of 4 slots behind
  /// a guard of 9 bits, 0x5.
  private static func snapshot() throws -> (Snapshot, CapabilityRecord?, inner: UInt64) {
    var system = SmallSystem()
    let inner = system.image.allocate(4 << 5, alignment: 4 << 5)
    system.image.install(
      .cnode(address: inner, radix: 2, guardSize: 9, guardValue: 5), at: system.serverSlot(5),
      below: system.rootSlot(8))
    system.image.install(Capability(type: .debug), at: inner + 96, below: system.image.origin)
    let root = system.image.place(\Domain.cnodeRoot, of: system.server)
    system.image.store(Capability.cnode(address: system.serverCNode, radix: 3, guardSize: 50).word0, at: root)
    let target = system.image.target
    let snapshot = try Snapshot.take(of: target, layouts: KernelLayouts(DescriptorLocator.locate(in: target)))
    return (snapshot, snapshot.slots[root]?.capability, inner)
  }

  private func lookUp(_ pointer: UInt64) throws -> (CapabilityLookup, inner: UInt64) {
    let (snapshot, root, inner) = try Self.snapshot()
    return (CapabilityLookup(pointer, root: root, in: snapshot), inner)
  }

  @Test func `a pointer is resolved through two CNodes`() throws {
    let (lookup, inner) = try lookUp(5 << 11 | 5 << 2 | 3)
    #expect(lookup.outcome == .found(slot: inner + 96))
    #expect(lookup.steps.map(\.index) == [5, 3])
    #expect(lookup.steps.map(\.remaining) == [11, 0])
  }

  @Test func `an empty slot is found and said to be empty`() throws {
    let (lookup, inner) = try lookUp(5 << 11 | 5 << 2 | 1)
    #expect(lookup.outcome == .empty(slot: inner + 32))
  }

  @Test func `a wrong guard is named at the CNode where it is`() throws {
    let (lookup, _) = try lookUp(5 << 11 | 6 << 2 | 3)
    #expect(lookup.outcome == .failed("the guard is 0x5, the pointer has 0x6"))
    #expect(lookup.steps.count == 2)
  }

  @Test func `bits left at something that is no CNode`() throws {
    let (lookup, _) = try lookUp(3 << 11)
    #expect(lookup.outcome == .failed("11 bits are left at a capability that is no CNode"))
  }

  @Test func `a domain without a CNode has no pointers`() throws {
    let (snapshot, _, _) = try Self.snapshot()
    #expect(CapabilityLookup(1, root: nil, in: snapshot).outcome == .failed("the domain has no CNode"))
  }
}
