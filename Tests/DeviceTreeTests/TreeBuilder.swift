@testable import DeviceTree

/// Writes a flattened device tree, as a firmware would.
struct TreeBuilder {
  private var structure: [UInt8] = []
  private var strings: [UInt8] = []
  private var reservations: [UInt8] = []

  private static let headerSize = 40

  mutating func begin(_ name: String) {
    append(1)
    structure += Array(name.utf8) + [0]
    pad()
  }

  mutating func end() { append(2) }

  mutating func property(_ name: String, _ value: [UInt8]) {
    append(3)
    append(UInt32(value.count))
    append(UInt32(strings.count))
    strings += Array(name.utf8) + [0]
    structure += value
    pad()
  }

  mutating func property(_ name: String, cells: [UInt32]) { property(name, cells.flatMap(Self.bytes)) }

  mutating func property(_ name: String, strings: String...) {
    property(name, strings.flatMap { Array($0.utf8) + [0] })
  }

  mutating func node(_ name: String, _ body: (inout TreeBuilder) -> Void = { _ in }) {
    begin(name)
    body(&self)
    end()
  }

  mutating func nop() { append(4) }

  mutating func reserve(_ start: UInt64, _ size: UInt64) {
    for number in [start, size] {
      reservations += Self.bytes(UInt32(number >> 32)) + Self.bytes(UInt32(truncatingIfNeeded: number))
    }
  }

  func blob(version: UInt32 = 17, compatible: UInt32 = 16) -> [UInt8] {
    let reserved = reservations + [UInt8](repeating: 0, count: 16)
    let nodes = structure + Self.bytes(9)
    let structureOffset = Self.headerSize + reserved.count
    let stringsOffset = structureOffset + nodes.count
    let header: [UInt32] = [
      0xd00d_feed, UInt32(stringsOffset + strings.count), UInt32(structureOffset), UInt32(stringsOffset),
      UInt32(Self.headerSize), version, compatible, 0, UInt32(strings.count), UInt32(nodes.count),
    ]
    return header.flatMap(Self.bytes) + reserved + nodes + strings
  }

  static func bytes(_ cell: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: cell >> (24 - 8 * $0)) }
  }

  private mutating func append(_ cell: UInt32) { structure += Self.bytes(cell) }

  private mutating func pad() { while structure.count % 4 != 0 { structure.append(0) } }

  /// The tree of a `virt` board, in short.
  static func virt(memory: [UInt32] = [0, 0x4000_0000, 2, 0]) -> TreeBuilder {
    var tree = TreeBuilder()
    tree.begin("")
    tree.property("#address-cells", cells: [2])
    tree.property("#size-cells", cells: [2])
    tree.node("chosen") { $0.property("bootargs", strings: "quiet") }
    tree.node("memory@40000000") {
      $0.property("device_type", strings: "memory")
      $0.property("reg", cells: memory)
    }
    tree.node("pl031@9010000") {
      $0.property("reg", cells: [0, 0x0901_0000, 0, 0x1000])
      $0.property("compatible", strings: "arm,pl031", "arm,primecell")
    }
    tree.node("pl011@9000000") {
      $0.nop()
      $0.property("interrupts", cells: [0, 1, 4])
      $0.property("reg", cells: [0, 0x0900_0000, 0, 0x1000])
      $0.property("compatible", strings: "arm,pl011", "arm,primecell")
    }
    tree.node("intc@8000000") {
      $0.property("reg", cells: [0, 0x0800_0000, 0, 0x10000, 0, 0x0801_0000, 0, 0x10000])
      $0.property("compatible", strings: "arm,cortex-a15-gic")
      $0.node("v2m@8020000") { $0.property("reg", cells: [0, 0x0802_0000, 0x1000]) }
    }
    tree.node("psci") {
      $0.property("compatible", strings: "arm,psci-1.0", "arm,psci-0.2", "arm,psci")
      $0.property("method", strings: "smc")
    }
    tree.node("timer") {
      $0.property("interrupts", cells: [1, 13, 0x104, 1, 14, 0x104, 1, 11, 0x104, 1, 10, 0x104])
      $0.property("compatible", strings: "arm,armv8-timer", "arm,armv7-timer")
    }
    tree.end()
    return tree
  }
}
