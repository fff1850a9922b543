import Inspection
import TestSupport
import Testing

@Suite struct SymbolTests {
  private let elf = SmallELF(symbols: [
    .init(name: "start", address: 0x1000, size: 0x40), .init(name: "$x", address: 0x1000, size: 0),
    .init(name: "$s4main3fooyyF", address: 0x1040, size: 0x10),
    .init(name: "end", address: 0x9_0000, size: 0),
  ])

  @Test func `an address is described by the symbol that covers it`() throws {
    let table = try #require(SymbolTable(elf: elf.bytes))
    #expect(table.describe(0x1000) == "start")
    #expect(table.describe(0x103f) == "start + 63")
    #expect(table.describe(0x1044) == "main.foo + 4")
    #expect(table.describe(0x1050) == nil)
    #expect(table.describe(0xfff) == nil)
    #expect(table.describe(0x9_1000) == "end + 4096")
  }

  @Test func `a symbol is found by its linker name and by its readable one`() throws {
    let table = try #require(SymbolTable(elf: elf.bytes))
    for (name, address) in [
      ("start", 0x1000), ("main.foo", 0x1040), ("foo", 0x1040), ("$s4main3fooyyF", 0x1040),
    ] {
      #expect(table.candidates(name).map(\.address) == [UInt64(address)])
    }
    #expect(table.candidates("oo").isEmpty)
    #expect(table.matches("foo", limit: 8).map(\.address) == [0x1040])
  }

  @Test(arguments: [
    ("generic specialization <A.B<C.D, E.F>> of KernelCore.Kernel.tick() -> ()", "KernelCore.Kernel.tick"),
    ("static VesperKernel.DebugChannel.receive() -> ()", "VesperKernel.DebugChannel.receive"),
    ("KernelCore.Kernel.(schedule in _0123ABCD)(from: Swift.UInt64) -> ()", "KernelCore.Kernel.schedule"),
    ("KernelCore.Kernel<A.B>.enter() -> ()", "KernelCore.Kernel.enter"), ("memcpy", "memcpy"), ("", ""),
    ("specialization <", "specialization"),
  ])
  func `a long name is shortened to what people call it`(_ long: String, _ short: String) {
    #expect(Symbol.shortened(long) == short)
  }

  @Test func `names complete from their beginning or from a part's`() throws {
    let table = try #require(SymbolTable(elf: elf.bytes))
    #expect(table.names(beginning: "ma", limit: 8) == ["main.foo"])
    #expect(table.names(beginning: "fo", limit: 8) == ["foo"])
    #expect(table.names(beginning: "", limit: 2).count == 2)
    #expect(table.names(beginning: "oo", limit: 8).isEmpty)
  }

  @Test func `what is no ELF file has no symbols`() {
    #expect(SymbolTable(elf: []) == nil)
    #expect(SymbolTable(elf: [UInt8](repeating: 0x7f, count: 4096)) == nil)
    #expect(SymbolTable(elf: Array(elf.bytes.prefix(60))) == nil)
  }

  @Test(arguments: 0..<8)
  func `files with wrong bytes give symbols within bounds or none`(_ seed: Int) {
    var generator = SplitMix64(seed: UInt64(seed))
    for _ in 0..<500 {
      var bytes = elf.bytes
      for _ in 0..<4 {
        bytes[Int.random(in: 5..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      let prefix = Int.random(in: 0...bytes.count, using: &generator)
      for file in [bytes, Array(bytes.prefix(prefix))] {
        #expect(SymbolTable(elf: file)?.matches("t", limit: 100).count ?? 0 <= 100)
      }
    }
  }
}

/// An ELF file with a symbol table and its strings, nothing else.
struct SmallELF {
  struct Entry {
    var name: String
    var address: UInt64
    var size: UInt64
  }

  private(set) var bytes: [UInt8]

  init(symbols: [Entry]) {
    var strings: [UInt8] = [0]
    var table = [UInt8](repeating: 0, count: 24)
    for symbol in symbols {
      table += Self.little(UInt64(strings.count), 4) + [0x12, 0] + Self.little(1, 2)
      table += Self.little(symbol.address, 8) + Self.little(symbol.size, 8)
      strings += Array(symbol.name.utf8) + [0]
    }
    let tableOffset = 64 + 3 * 64
    let stringOffset = tableOffset + table.count
    bytes = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 33)
    bytes += Self.little(64, 8) + [UInt8](repeating: 0, count: 12) + Self.little(3, 2) + [0, 0]
    bytes += [UInt8](repeating: 0, count: 64)
    bytes += Self.section(type: 2, offset: tableOffset, size: table.count, link: 2)
    bytes += Self.section(type: 3, offset: stringOffset, size: strings.count, link: 0)
    bytes += table + strings
  }

  private static func section(type: UInt64, offset: Int, size: Int, link: UInt64) -> [UInt8] {
    little(0, 4) + little(type, 4) + little(0, 16) + little(UInt64(offset), 8) + little(UInt64(size), 8)
      + little(link, 4) + little(0, 20)
  }

  private static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) : 0 }
  }
}
