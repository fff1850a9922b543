import Inspection
import KernelImage
import KernelObjects
import TargetLink
import Testing

/// What is wrong in memory is found where it is, and everything else is still shown.
@Suite struct FindingTests {
  private var system = SmallSystem()

  private func snapshot(_ limits: SnapshotLimits = SnapshotLimits()) throws -> Snapshot {
    let target = system.image.target
    let layouts = try KernelLayouts(DescriptorLocator.locate(in: target))
    return try Snapshot.take(of: target, layouts: layouts, includingTables: true, limits: limits)
  }

  private func texts(_ field: String, limits: SnapshotLimits = SnapshotLimits()) throws -> [String] {
    try snapshot(limits).findings.filter { $0.field == field }.map(\.text)
  }

  @Test func `a sound system has no findings`() throws {
    #expect(try snapshot().findings.isEmpty)
  }

  @Test mutating func `a queue that is a cycle`() throws {
    system.image.set(\Domain.queueNext, of: system.client, to: system.client)
    let snapshot = try snapshot()
    #expect(snapshot.findings.contains { $0.field == "sendHead" && $0.text.contains("cycle") })
    #expect(snapshot.endpoints[system.endpoint]?.senders == [system.client])
  }

  @Test mutating func `a queue that leads to nowhere`() throws {
    system.image.set(\Domain.queueNext, of: system.client, to: 0x7000_0000)
    #expect(try texts("sendHead") == ["the queue leads to 0x70000000, which is no domain"])
    #expect(try texts("address").count == 1)
  }

  @Test mutating func `a queued domain that waits elsewhere`() throws {
    system.image.set(\Domain.blockedOn, of: system.client, to: system.notification)
    #expect(
      try texts("sendHead") == [
        "domain \(hexadecimal(system.client)) is queued but says that it waits elsewhere"
      ])
  }

  @Test mutating func `a queue with another end than its tail`() throws {
    system.image.set(\Endpoint.sendTail, of: system.endpoint, to: system.server)
    #expect(try texts("sendHead").count == 1)
  }

  @Test mutating func `a pointer that is not aligned is not followed`() throws {
    system.image.set(\KernelState.current, of: system.image.state, to: system.root + 8)
    #expect(try texts("address") == ["is not aligned; not followed"])
  }

  @Test mutating func `a state that no domain has`() throws {
    system.image.set(\Domain.state, of: system.client, to: 77)
    #expect(try texts("state") == ["77 is no state of a domain"])
    #expect(try snapshot().domains[system.client]?.state == "state-77")
  }

  @Test mutating func `a capability of no type`() throws {
    system.image.store(Capability.typeField.pack(29), at: system.rootSlot(13))
    #expect(try texts("type") == ["type-29 is no type of capability"])
  }

  @Test mutating func `two sizes of one CNode`() throws {
    system.image.store(
      Capability.cnode(address: system.serverCNode, radix: 5, guardSize: 0).word0, at: system.rootSlot(9))
    #expect(try texts("radix").count == 1)
  }

  @Test mutating func `a CNode larger than anything`() throws {
    system.image.store(
      Capability.cnode(address: 0x5000_0000, radix: 60, guardSize: 0).word0, at: system.rootSlot(9))
    #expect(try texts("radix") == ["2^60 slots are more than are read; left out"])
  }

  @Test mutating func `CNodes that overlap`() throws {
    system.image.store(
      Capability.cnode(address: system.rootSlot(8), radix: 3, guardSize: 0).word0, at: system.rootSlot(9))
    #expect(try texts("place").contains("lies in more than one object"))
  }

  @Test mutating func `a derivation tree that comes back to itself`() throws {
    system.image.set(\Slot.child, of: system.serverSlot(3), to: UInt32(system.rootSlot(8) >> 5))
    #expect(try texts("child") == ["the derivation tree comes back to \(hexadecimal(system.rootSlot(8)))"])
  }

  @Test mutating func `a child that holds nothing`() throws {
    system.image.set(\Slot.child, of: system.rootSlot(13), to: UInt32(system.rootSlot(63) >> 5))
    #expect(try texts("child").count == 1)
  }

  @Test mutating func `siblings that end at another parent`() throws {
    system.image.set(
      \Slot.next, of: system.rootSlot(14), to: UInt32(system.rootSlot(8) >> 5) | Slot.parentTag)
    #expect(try texts("next").count == 1)
  }

  @Test mutating func `a capability that is not in the tree`() throws {
    system.image.set(\Slot.child, of: system.rootSlot(12), to: 0)
    let snapshot = try snapshot()
    #expect(snapshot.findings.contains { $0.text.contains("not reached") })
    #expect(snapshot.tree.preorder.contains { $0.slot == system.rootSlot(14) })
  }

  @Test mutating func `a slot that only the tree knows is shown`() throws {
    let stray = system.image.allocate(32, alignment: 32)
    system.image.install(Capability(type: .debug), at: stray, below: system.image.origin)
    let snapshot = try snapshot()
    #expect(snapshot.findings.isEmpty)
    #expect(snapshot.names.name(ofSlot: stray) == "slot@\(hexadecimal(stray))")
  }

  @Test func `what is beyond a limit is left out, and said to be`() throws {
    var limits = SnapshotLimits()
    limits.objects = 2
    let snapshot = try snapshot(limits)
    #expect(snapshot.domains.count == 2)
    #expect(snapshot.findings.contains { $0.text == "there are more than 2; the rest is left out" })
  }

  @Test func `slots beyond the limit are left out, and said to be`() throws {
    var limits = SnapshotLimits()
    limits.slots = 64
    #expect(try texts("radix", limits: limits) == ["2^3 slots are more than are read; left out"])
  }

  @Test func `findings are limited in number`() throws {
    var limits = SnapshotLimits()
    limits.objects = 0
    limits.findings = 1
    #expect(try snapshot(limits).readFindings.count == 1)
  }
}
