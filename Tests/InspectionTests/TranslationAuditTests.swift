import HostedKernel
import Inspection
import KernelObjects
import TargetLink
import Testing

/// Each way in which the tables and the kernel's objects can differ is found, at its place.
@Suite struct TranslationAuditTests {
  private let fixture: HostedFixture
  private let sound: Snapshot

  init() throws {
    fixture = try HostedFixture()
    sound = try fixture.snapshot()
  }

  private func differences() throws -> [TranslationDifference] {
    try TranslationAudit(fixture.snapshot()).differences.all
  }

  @Test func `a working kernel's tables are what its objects say`() throws {
    let audit = TranslationAudit(sound)
    #expect(audit.differences.all.isEmpty)
    // The root's image, two domains with a shared segment of two pages, and all tables above.
    #expect(audit.tableCount >= 3 * 3 + 2)
    #expect(audit.descriptorCount >= 30)
  }

  private static let pageBits: [(Int, String)] = [
    (0, "validity"), (1, "validity"), (12, "address"), (44, "address"), (54, "rights"), (6, "rights"),
    (2, "memory"), (3, "memory"), (8, "shareability"), (10, "AF"), (11, "nG"), (53, "PXN"),
    (52, "contiguous"),
  ]

  /// A bit of a page's descriptor, and what differs when it is turned around in one that is `rw-`.
  @Test(arguments: pageBits)
  func `a page's descriptor that is not as its Frame says`(_ bit: Int, _ aspect: String) throws {
    let shared = try fixture.entered(.frame, in: sound) { link in
      TranslationEntry(word: (try? self.fixture.word(at: link.table + link.index * 8)) ?? 0, level: 3).rights
        .write
    }
    try fixture.flip(1 << bit, at: shared.entry)
    let found = try differences()
    #expect(found.count == 1)
    let difference = try #require(found.first)
    #expect(difference.table == shared.link.table)
    #expect(difference.index == Int(shared.link.index))
    #expect(difference.level == 3)
    #expect(difference.aspects == [aspect])
    #expect(difference.kernel.contains("page \(hexadecimal(shared.slot.capability.address))"))
    #expect(difference.finding.object == "table \(hexadecimal(shared.link.table))")
  }

  @Test func `a page that gives more than its Frame capability`() throws {
    let frame = try fixture.entered(.frame, in: sound) { link in
      TranslationEntry(word: (try? self.fixture.word(at: link.table + link.index * 8)) ?? 0, level: 3).rights
        .write
    }
    // The capability loses the right to write; the page keeps it.
    try fixture.set(
      frame.slot.capability.word0 & ~Capability.rightsField.pack(UInt64(Rights.write.rawValue)),
      at: frame.slot.address)
    #expect(try differences().map(\.aspects) == [["rights"]])
  }

  @Test(arguments: [(1, "kind"), (12, "address"), (61, "rights"), (59, "PXNTable")])
  func `a segment's descriptor that is not as its Segment says`(_ bit: Int, _ aspect: String) throws {
    let segment = try fixture.entered(.segment, in: sound)
    try fixture.flip(1 << bit, at: segment.entry)
    let difference = try #require(
      try differences().first { $0.table == segment.link.table && $0.index == Int(segment.link.index) })
    #expect(difference.aspects == [aspect])
    #expect(difference.level == 2)
  }

  @Test(arguments: [UInt64(1), 2])
  func `an upper table that restricts what is below it`(_ level: UInt64) throws {
    let table = try fixture.entered(.pageTable, in: sound) { $0.level == level }
    try fixture.flip(TranslationDescriptor.accessTableField.pack(2), at: table.entry)
    #expect(try differences().map(\.aspects) == [["rights"]])
  }

  @Test func `a descriptor that no capability is entered at`() throws {
    let segment = try fixture.entered(.segment, in: sound)
    let place = segment.slot.capability.address + 500 * 8
    try fixture.set(
      TranslationDescriptor.userPage(address: 0x4000_0000, rights: .all, isDevice: false).word, at: place)
    let found = try differences()
    #expect(found.map(\.aspects) == [["capability"]])
    #expect(found.first?.index == 500)
    #expect(found.first?.kernel == "that nothing is entered there")
    #expect(found.first?.processor.hasPrefix("page 0x40000000, rwx, normal") == true)
  }

  @Test func `a Frame that says it is entered elsewhere`() throws {
    let frame = try fixture.entered(.frame, in: sound)
    try fixture.flip(TableLink.indexField.pack(256), at: frame.slot.address + 8)
    let found = try differences()
    #expect(Set(found.map(\.aspects)) == [["validity"], ["capability"]])
    #expect(Set(found.map(\.index)) == [Int(frame.link.index), Int(frame.link.index) ^ 256])
  }

  @Test func `two Frames that say they are entered at one place`() throws {
    let frame = try fixture.entered(.frame, in: sound)
    let other = try fixture.entered(.frame, in: sound) {
      $0.table == frame.link.table && $0.index != frame.link.index
    }
    try fixture.set(frame.slot.capability.word1, at: other.slot.address + 8)
    let found = try differences()
    #expect(found.contains { $0.aspects == ["capabilities"] && $0.kernel.contains(", and ") })
  }

  @Test func `a segment that is entered for another ASID than its table's`() throws {
    let segment = try fixture.entered(.segment, in: sound)
    try fixture.flip(TableLink.asidField.pack(0x80), at: segment.slot.address + 8)
    let found = try differences()
    #expect(found.map(\.aspects) == [["ASID"]])
    #expect(found.first?.kernel.contains("for ASID \(segment.link.asid ^ 0x80)") == true)
  }

  @Test func `a segment that is not at its address`() throws {
    let segment = try fixture.entered(.segment, in: sound)
    try fixture.set(fixture.word(at: segment.entry), at: segment.entry ^ 8)
    try fixture.set(0, at: segment.entry)
    try fixture.flip(TableLink.indexField.pack(1), at: segment.slot.address + 8)
    #expect(try differences().map(\.aspects) == [["virtual address"]])
  }

  @Test func `a table that leads back to its root`() throws {
    let table = try fixture.entered(.pageTable, in: sound) { $0.level == 1 }
    // Where segments are entered depends on where the kernel's memory lies.
    func place(_ index: Int) -> UInt64 { table.slot.capability.address + UInt64(index) * 8 }
    let index = try #require(try (0..<512).first { try fixture.word(at: place($0)) & 1 == 0 })
    try fixture.set(TranslationDescriptor.table(address: table.link.table).word, at: place(index))
    let found = try differences()
    #expect(Set(found.map(\.aspects)) == [["table"], ["capability"]])
    #expect(found.allSatisfy { $0.index == index })
  }

  @Test func `a table in a page that the kernel counts as no table`() throws {
    let segment = try fixture.entered(.segment, in: sound)
    let page = (segment.slot.capability.address - sound.state.generationBase) / 4096
    try fixture.target.writePhysical([0, 0, 0, 0], at: sound.state.generations + page * 4)
    #expect(
      try differences().contains {
        $0.aspects == ["generation"] && $0.table == segment.slot.capability.address
      })
  }

  @Test func `a root whose ASID is free, none, or another's`() throws {
    let roots = sound.slots.records.filter {
      if case .cnode = $0.holder { $0.capability.kind == .protectionDomain } else { false }
    }
    let first = try #require(roots.min { $0.address < $1.address })
    let second = try #require(roots.max { $0.address < $1.address })
    for asid in [UInt64(0), 999, second.capability.word1] {
      for slot in sound.slots.records
      where slot.capability.kind == .protectionDomain && slot.capability.address == first.capability.address {
        try fixture.set(asid, at: slot.address + 8)
      }
      let aspects = try differences().map(\.aspects)
      #expect(aspects.contains(["ASID"]), "\(asid)")
    }
  }

  @Test func `one root with two ASIDs`() throws {
    let slot = try #require(sound.slots.records.first { $0.capability.kind == .protectionDomain })
    try fixture.flip(1, at: slot.address + 8)
    #expect(try differences().contains { $0.processor == "one root" })
  }

  @Test func `a root that is not that of the domain that runs`() throws {
    try fixture.set(
      sound.state.emptyRoot,
      at: fixture.scenario.hosted.memory.base
        + UInt64(MemoryLayout<KernelState>.offset(of: \.activeRoot) ?? 0))
    // Only if the domain that runs has a space of its own is there something to differ.
    let hasSpace = sound.ownSlot("protectionDomain", of: sound.state.current) != nil
    #expect(try differences().map(\.aspects) == (hasSpace ? [["activeRoot"]] : []))
    #expect(hasSpace)
  }

  @Test func `registers that are not as the kernel's state says`() throws {
    let asid = try #require(
      sound.slots.records.first { $0.capability.address == sound.state.activeRoot }?.capability.word1)
    let user = { (value: UInt64) in
      RegisterAudit.compare([RegisterValue(name: "TTBR0_EL1", bitWidth: 64, value: value)], with: self.sound)
        .all
    }
    #expect(user(sound.state.activeRoot | asid << 48).isEmpty)
    #expect(user(sound.state.activeRoot | 99 << 48).map(\.aspects) == [["TTBR0_EL1"]])
    #expect(user(sound.state.emptyRoot | asid << 48).map(\.table) == [sound.state.activeRoot])
  }
}
