import Testing

@testable import DeviceTree

private func describe(_ blob: [UInt8]) throws -> BoardDescription {
  try blob.withUnsafeBytes { try BoardDescription(DeviceTree($0)) }
}

@Suite struct BoardDescriptionTests {
  @Test func `finds what the kernel needs on a virt board`() throws {
    let board = try describe(TreeBuilder.virt().blob())
    #expect(board.missing == nil)
    #expect(board.memory.count == 1)
    #expect(board.memory[0] == MemoryRange(start: 0x4000_0000, end: 0x2_4000_0000))
    #expect(board.distributor == MemoryRange(start: 0x0800_0000, end: 0x0801_0000))
    #expect(board.cpuInterface == MemoryRange(start: 0x0801_0000, end: 0x0802_0000))
    #expect(board.console == MemoryRange(start: 0x0900_0000, end: 0x0900_1000))
    #expect(board.consoleInterrupt == 33)
    #expect(board.timerInterrupt == 27)
  }

  @Test func `lists the devices that the kernel does not drive`() throws {
    let board = try describe(TreeBuilder.virt().blob())
    #expect(board.devices.count == 1)
    #expect(board.devices[0] == MemoryRange(start: 0x0901_0000, end: 0x0901_1000))
  }

  @Test(arguments: [("hvc", FirmwareCall.hypervisorCall), ("smc", .secureMonitorCall), ("hv", .none)])
  func `knows how the firmware is called`(method: String, call: FirmwareCall) throws {
    var tree = TreeBuilder()
    tree.node("") {
      $0.node("psci") {
        $0.property("compatible", strings: "arm,psci-1.0", "arm,psci-0.2")
        $0.property("method", strings: method)
      }
    }
    #expect(try describe(tree.blob()).firmware == call)
  }

  @Test(
    arguments: [
      ("debug=off", true), ("quiet debug=off", true), ("debug=off quiet", true), (" debug=off ", true),
      ("", false), ("debug=offline", false), ("nodebug=off", false), ("debug", false), ("debug= off", false),
    ])
  func `finds a word of the boot arguments, and no part of one`(text: String, isThere: Bool) throws {
    var tree = TreeBuilder()
    tree.node("") { $0.node("chosen") { $0.property("bootargs", strings: text) } }
    try tree.blob().withUnsafeBytes { blob in
      let arguments = try BoardDescription(DeviceTree(blob)).bootArguments
      #expect(arguments?.hasWord("debug=off") == isThere)
    }
  }

  @Test func `says what a tree lacks`() throws {
    var tree = TreeBuilder()
    tree.node("") { $0.property("#address-cells", cells: [2]) }
    let board = try describe(tree.blob())
    #expect(board.missing?.description == "the device tree has no memory")
  }

  @Test func `ignores memory that wraps around the address space`() throws {
    let board = try describe(TreeBuilder.virt(memory: [~0, ~0, 0, 2]).blob())
    #expect(board.memory.count == 0)
  }

  @Test(arguments: [
    ([0x4000_0800, 0x2000], 0x4000_1000 as UInt64..<0x4000_2000),
    ([0x4000_0000, 0x1fff], 0x4000_0000..<0x4000_1000),
    ([0x4000_0001, 0xffe], nil), ([0xffff_ffff, 1], nil),
  ])
  func `takes only whole pages for memory`(reg: [UInt32], pages: Range<UInt64>?) throws {
    let board = try describe(TreeBuilder.virt(memory: [0, reg[0], 0, reg[1]]).blob())
    #expect(board.memory.count == (pages == nil ? 0 : 1))
    if let pages {
      #expect(board.memory[0] == MemoryRange(start: pages.lowerBound, end: pages.upperBound))
    }
  }

  @Test func `collects both kinds of reserved memory`() throws {
    var tree = TreeBuilder()
    tree.reserve(0x4800_0000, 0x1000)
    tree.node("") {
      $0.node("reserved-memory") {
        $0.property("#address-cells", cells: [1])
        $0.property("#size-cells", cells: [1])
        $0.node("firmware@50000000") { $0.property("reg", cells: [0x5000_0000, 0x2000]) }
      }
    }
    let board = try describe(tree.blob())
    #expect(board.reserved.count == 2)
    #expect(board.reserved[0] == MemoryRange(start: 0x4800_0000, end: 0x4800_1000))
    #expect(board.reserved[1] == MemoryRange(start: 0x5000_0000, end: 0x5000_2000))
  }
}
