import HostedKernel
import Inspection
import KernelImage
import KernelObjects
import TargetLink
import Testing

@Suite struct NameTests {
  private func snapshot(of system: SmallSystem) throws -> Snapshot {
    let target = system.image.target
    return try Snapshot.take(of: target, layouts: KernelLayouts(DescriptorLocator.locate(in: target)))
  }

  /// Gives a domain a name of up to 16 bytes.
  private func rename(_ domain: UInt64, _ name: [UInt8], in system: inout SmallSystem) {
    for index in 0..<16 {
      system.image.store(
        index < name.count ? name[index] : 0, at: system.image.place(\Domain.name, of: domain) + UInt64(index)
      )
    }
  }

  @Test func `every name that is shown is understood`() throws {
    let hosted = try Scenario().hosted
    let target = InMemoryTarget(live: [
      MemoryRange(address: hosted.memory.base, count: Int(hosted.memory.size))
    ])
    target.descriptor = try target.readPhysical(address: hosted.descriptor, count: hosted.descriptorSize)
    let snapshot = try Snapshot.take(of: target, layouts: KernelLayouts(DescriptorLocator.locate(in: target)))
    for slot in snapshot.slots.records {
      #expect(try snapshot.select(snapshot.names.name(of: slot)).slot == slot.address)
    }
    for object in snapshot.holders.keys where object.kind != .reply {
      let selected = try snapshot.select(snapshot.names.name(of: object)).object
      #expect(selected == object, "\(snapshot.names.name(of: object))")
    }
    withExtendedLifetime(hosted) {}
  }

  @Test func `domains of the same name are told apart`() throws {
    var system = SmallSystem()
    for domain in [system.root, system.server] { rename(domain, Array("client".utf8), in: &system) }
    let names = try snapshot(of: system).names
    #expect(names.domainList == ["client", "client#2", "client#3"])
    #expect(names.domain("client#2") == system.server)
  }

  @Test(arguments: [
    ("", "domain-2"), ("3", "domain-3"), ("0x41", "domain-0x41"), ("-v", "domain--v"),
    ("a b.c[1]", "a_b_c_1_"),
    ("irq", "domain-irq"), ("\u{1b}[2J", "__2J"), ("naïve", "naïve"),
  ])
  func `a stored name never reads as something else`(_ stored: String, _ shown: String) throws {
    var system = SmallSystem()
    rename(system.server, Array(stored.utf8), in: &system)
    let snapshot = try snapshot(of: system)
    #expect(snapshot.names.name(ofDomain: system.server) == shown)
    #expect(try snapshot.select(shown).object == ObjectID(.domain, system.server))
  }

  @Test func `bytes that are no text do no harm`() throws {
    var system = SmallSystem()
    rename(system.server, [0xff, 0xfe, 0x41, 0xc3], in: &system)
    let name = try snapshot(of: system).names.name(ofDomain: system.server)
    #expect(name.contains("A"))
  }

  @Test func `a CNode in a CNode is named by the way to it`() throws {
    var system = SmallSystem()
    let inner = system.image.allocate(4 << 5, alignment: 4 << 5)
    let capability = Capability.cnode(address: inner, radix: 2, guardSize: 0)
    system.image.install(capability, at: system.serverSlot(5), below: system.rootSlot(8))
    system.image.install(Capability(type: .debug), at: inner + 32, below: system.image.origin)
    let snapshot = try snapshot(of: system)
    #expect(snapshot.names.name(ofCNode: inner) == "server.cnode[5]")
    #expect(snapshot.names.name(ofSlot: inner + 32) == "server.cnode[5][1]")
    #expect(try snapshot.select("server.cnode[5][1]").slot == inner + 32)
  }

  @Test(arguments: [
    "", ".", "server.", "server.nothing", "server[3]", "server.cnode[", "server.cnode[x]", "server.cnode[8]",
    "server.cnode[3][0]", "irq[9]", "irq", "0x1", "0x", "nobody", "99", "server.caller", "@0x4000",
  ])
  func `what names nothing is refused with a reason`(_ text: String) throws {
    let snapshot = try snapshot(of: SmallSystem())
    #expect(throws: SelectorError.self) { try snapshot.select(text) }
  }

  @Test func `an object is found by its physical address`() throws {
    let system = SmallSystem()
    let snapshot = try snapshot(of: system)
    #expect(try snapshot.select(hexadecimal(system.server)).object == ObjectID(.domain, system.server))
    #expect(try snapshot.select("endpoint@" + hexadecimal(system.endpoint)).object?.kind == .endpoint)
    #expect(try snapshot.select(hexadecimal(system.rootSlot(14))).slot == system.rootSlot(14))
  }
}
