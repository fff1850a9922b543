import Inspection
import KernelImage
import KernelObjects
import TargetLink
import Testing

/// The kernel's own half, drawn by hand as its boot does.
@Suite struct KernelMapAuditTests {
  private var system = SmallSystem()
  private let root, level1, level2, level3: UInt64

  private static let rights = (
    text: UInt64(0x40_0000_0000_0000 | 0x780), writable: UInt64(0x60_0000_0000_0000 | 0x700),
    device: UInt64(0x60_0000_0000_0000 | 0x404)
  )

  init() {
    root = system.image.allocate(4 * 4096, alignment: 4096)
    (level1, level2, level3) = (root + 4096, root + 8192, root + 12288)
    system.image.store(level1 | 3, at: root)
    system.image.store(0x0800_0000 & ~0x3fff_ffff | Self.rights.device | 1, at: level1)
    system.image.store(level2 | 3, at: level1 + 8)
    system.image.store(level3 | 3, at: level2)
    system.image.store(0x4020_0000 | Self.rights.writable | 1, at: level2 + 8)
    for page in UInt64(0)..<512 {
      let rights = page < 4 ? Self.rights.text : Self.rights.writable
      system.image.store((ImageBuilder.base + page << 12) | rights | 3, at: level3 + page * 8)
    }
    let regions = system.image.place(\KernelState.regions, of: system.image.state)
    let ram = MemoryRegion(base: 0x4000_8000, size: 0x3f_8000, kind: .ram)
    system.image.store(ram, at: regions)
    system.image.store(
      MemoryRegion(base: 0x0900_0000, size: 0x1000, kind: .device),
      at: regions + UInt64(MemoryLayout<MemoryRegion>.stride))
    system.image.writeDescriptor(kernelRoot: root)
  }

  private func differences() throws -> [TranslationDifference] {
    let target = system.image.target
    let layouts = try KernelLayouts(DescriptorLocator.locate(in: target))
    let snapshot = try Snapshot.take(of: target, layouts: layouts)
    return try #require(try KernelMapAudit.run(snapshot, from: target)).differences.all
  }

  @Test func `a direct map in which nothing is writable and executable is what the kernel says`() throws {
    #expect(try differences().isEmpty)
  }

  @Test(arguments: [
    (12, ["address", "coverage"]), (6, ["rights of EL0"]), (2, ["memory", "coverage"]),
    (10, ["AF"]), (11, ["nG"]), (52, ["contiguous"]), (7, ["coverage"]),
  ])
  func `a page of RAM that is mapped as no kernel would`(_ bit: Int, _ aspects: [String]) throws {
    var copy = self
    let place = level3 + 300 * 8
    copy.system.image.store(copy.system.image.load(UInt64.self, at: place) ^ 1 << bit, at: place)
    let found = try copy.differences()
    #expect(found.flatMap(\.aspects) == aspects)
    #expect(found.first { $0.aspects != ["coverage"] }.map { $0.table == level3 && $0.index == 300 } ?? true)
  }

  @Test func `RAM that is executable, though it cannot be written`() throws {
    var copy = self
    copy.system.image.store((ImageBuilder.base + 300 << 12) | Self.rights.text | 3, at: level3 + 300 * 8)
    #expect(try copy.differences().contains { $0.aspects == ["execution"] && $0.index == 300 })
  }

  @Test func `a page of the image that is writable and executable`() throws {
    var copy = self
    copy.system.image.store(ImageBuilder.base | 0x40_0000_0000_0000 | 0x703, at: level3)
    #expect(try copy.differences().map(\.aspects) == [["execution"]])
  }

  @Test func `device memory that is mapped as normal`() throws {
    var copy = self
    let table = copy.system.image.allocate(4096, alignment: 4096)
    copy.system.image.store(table | 3, at: level1)
    copy.system.image.store(0x0900_0000 | Self.rights.writable | 1, at: table + 72 * 8)
    let found = try copy.differences()
    #expect(found.map(\.aspects) == [["memory"]])
    #expect(found.first?.index == 72)
  }

  @Test func `RAM that is not mapped`() throws {
    var copy = self
    copy.system.image.store(UInt64(0), at: level2 + 8)
    let found = try copy.differences()
    #expect(found.map(\.aspects) == [["coverage"]])
    #expect(found.first?.processor.contains("0x40200000") == true)
  }

  @Test func `tables that name each other do not multiply without bound`() throws {
    var copy = self
    for index in UInt64(0)..<512 {
      for table in [root, level1, level2] { copy.system.image.store(level1 | 3, at: table + index * 8) }
    }
    _ = try copy.differences()
  }

  @Test func `registers of the kernel's half that are not as it says`() throws {
    let target = system.image.target
    let layouts = try KernelLayouts(DescriptorLocator.locate(in: target))
    let snapshot = try Snapshot.take(of: target, layouts: layouts)
    let aspects = { (name: String, value: UInt64) in
      RegisterAudit.compare([RegisterValue(name: name, bitWidth: 64, value: value)], with: snapshot).all
        .flatMap(\.aspects)
    }
    #expect(aspects("TTBR1_EL1", root | 1).isEmpty)
    #expect(aspects("TTBR1_EL1", level1) == ["TTBR1_EL1"])
    #expect(aspects("MAIR_EL1", 0x44_04ff).isEmpty)
    #expect(aspects("MAIR_EL1", 0xff) == ["MAIR_EL1"])
    #expect(aspects("TCR_EL1", 0) == ["TCR_EL1"])
  }
}
