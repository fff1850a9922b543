import Inspection
import KernelObjects
import Testing

@Suite struct TranslationTests {
  private static func table(_ entries: [Int: UInt64]) -> [UInt64] { (0..<512).map { entries[$0] ?? 0 } }

  /// Level 0 at 0x1000, level 1 at 0x2000, level 2 at 0x3000, level 3 at 0x4000.
  private static func tables(link: UInt64 = 0) -> [UInt64: [UInt64]] {
    let used = TranslationDescriptor.accessFlagField.pack(1)
    let user = TranslationDescriptor.userField.pack(1) | used
    return [
      0x1000: table([0: 0x2003, 511: 0x2001]), 0x2000: table([0: 0x3003 | link, 1: 0x4000_0001 | user]),
      0x3000: table([0: 0x4003, 2: 0x20_0001 | user | TranslationDescriptor.readOnlyField.pack(1)]),
      0x4000: table([
        1: 0x9000_0003 | user, 2: 0x9000_1003 | user, 3: 0x9000_2001 | user, 4: 0x9000_4003 | used,
      ]),
    ]
  }

  private func walk(_ address: UInt64, link: UInt64 = 0) -> TranslationWalk {
    TranslationWalk(address, root: 0x1000, tables: Self.tables(link: link))
  }

  @Test func `a page, a block of 2 MiB and one of 1 GiB are translated`() {
    #expect(walk(0x1234).outcome == .mapped(physical: 0x9000_0234, memory: .normal))
    #expect(walk(0x40_1234).outcome == .mapped(physical: 0x20_1234, memory: .normal))
    #expect(walk(0x4123_4567).outcome == .mapped(physical: 0x4123_4567, memory: .normal))
    #expect(walk(0x40_0000).rights.text("x") == "r-x")
  }

  @Test func `a level 3 descriptor without the page bit, and a level 0 block, are faults`() {
    #expect(walk(0x3000).outcome == .fault(level: 3))
    #expect(walk(511 << 39).outcome == .fault(level: 0))
    #expect(walk(0x20_0000).outcome == .fault(level: 2))
    #expect(walk(0x3000).rights.text("x") == "---")
  }

  @Test(arguments: [(0, "rw-"), (1, "---"), (2, "r-x"), (3, "---")])
  func `APTable restricts what is below`(_ access: UInt64, _ rights: String) {
    #expect(
      walk(0x1000, link: TranslationDescriptor.accessTableField.pack(access)).rights.text("x") == rights)
  }

  @Test func `UXNTable takes away execution, and a page that is not for EL0 gives nothing`() {
    let tables = Self.tables(link: TranslationDescriptor.userExecuteNeverTableField.pack(1))
    let walk = TranslationWalk(0x1000, root: 0x1000, tables: tables, regime: Self.withoutWXN)
    #expect(walk.rights.text("x") == "rw-")
    #expect(self.walk(0x4000).rights.text("x") == "---")
  }

  private static let withoutWXN = TranslationRegime(
    memoryAttributes: TranslationRegime.usual.memoryAttributes, control: TranslationRegime.usual.control,
    writeImpliesExecuteNever: false)

  @Test func `what is writable is executable only where the processor is not told otherwise`() {
    #expect(walk(0x1000).rights.text("x") == "rw-")
    let walk = TranslationWalk(0x1000, root: 0x1000, tables: Self.tables(), regime: Self.withoutWXN)
    #expect(walk.rights.text("x") == "rwx")
  }

  @Test func `a page without its access flag is a fault, unless the processor sets it`() {
    var tables = Self.tables()
    tables[0x4000]?[1] &= ~(1 << 10)
    let walk = TranslationWalk(0x1000, root: 0x1000, tables: tables)
    #expect(walk.outcome == .accessFlagFault(level: 3))
    #expect(walk.rights == .none)
    #expect(!MappingList(root: 0x1000, tables: tables).mappings.contains { $0.virtual == 0x1000 })
    var regime = TranslationRegime.usual
    regime.control |= 1 << 39
    #expect(TranslationWalk(0x1000, root: 0x1000, tables: tables, regime: regime).rights.write)
  }

  @Test func `an address that the processor does not have is a fault`() {
    var regime = TranslationRegime.usual
    regime.control &= ~(7 << 32)
    #expect(
      TranslationWalk(0x1000, root: 0x1000, tables: Self.tables(), regime: regime).outcome
        == .mapped(physical: 0x9000_0000, memory: .normal))
    var tables = Self.tables()
    tables[0x4000]?[1] |= 1 << 32
    #expect(
      TranslationWalk(0x1000, root: 0x1000, tables: tables, regime: regime).outcome
        == .addressSizeFault(level: 3))
  }

  @Test func `tables restrict nothing where hierarchical permissions are off`() {
    var regime = TranslationRegime.usual
    regime.control |= 1 << 41
    let tables = Self.tables(link: TranslationDescriptor.accessTableField.pack(1))
    #expect(TranslationWalk(0x1000, root: 0x1000, tables: tables, regime: regime).rights.text("x") == "rw-")
  }

  @Test(arguments: [(0, "normal"), (1, "device nGnRE"), (2, "normal uncached"), (3, "device nGnRnE")])
  func `an attribute index means what MAIR says`(_ index: UInt64, _ text: String) {
    #expect(TranslationRegime.usual.memory(index).text == text)
  }

  @Test func `what EL0 may write is never executed by EL1`() {
    let descriptor = 0x9000_0003 | TranslationDescriptor.userField.pack(1)
    #expect(TranslationEntry(word: descriptor, level: 3).privilegedRights.text("x") == "rw-")
    let readOnly = descriptor | TranslationDescriptor.readOnlyField.pack(1)
    #expect(TranslationEntry(word: readOnly, level: 3).privilegedRights.text("x") == "r-x")
  }

  @Test func `a table that could not be read is named`() {
    let walk = TranslationWalk(0, root: 0x1000, tables: [0x1000: Self.table([0: 0x7003])])
    #expect(walk.outcome == .unreadable(table: 0x7000))
  }

  @Test func `pages that follow each other with the same rights are one mapping`() {
    let list = MappingList(root: 0x1000, tables: Self.tables())
    #expect(list.mappings.map(\.virtual) == [0x1000, 0x4000, 0x40_0000, 0x4000_0000])
    #expect(list.mappings.map(\.size) == [0x2000, 0x1000, 0x20_0000, 0x4000_0000])
    #expect(list.findings.isEmpty)
  }

  @Test func `every mapping is what the walk says, and nothing else is mapped`() {
    let list = MappingList(root: 0x1000, tables: Self.tables())
    for mapping in list.mappings {
      for offset in [0, mapping.size - 1] {
        let walk = walk(mapping.virtual + offset)
        #expect(walk.outcome == .mapped(physical: mapping.physical + offset, memory: mapping.memory))
        #expect(walk.rights == mapping.rights)
      }
    }
    for page in UInt64(0)..<1024
    where !list.mappings.contains(where: { $0.virtual <= page << 12 && page << 12 < $0.virtual + $0.size }) {
      guard case .fault = walk(page << 12).outcome else {
        Issue.record("page \(page) is mapped")
        continue
      }
    }
  }
}
