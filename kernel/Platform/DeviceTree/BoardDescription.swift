/// What the kernel must know of a board before it can run there, as its device tree tells it.
public struct BoardDescription: Sendable {
  /// All RAM, in whole pages.
  public var memory = MemoryRangeList()
  /// RAM that the tree says is in use, in whole pages: its reservation block and `/reserved-memory`.
  public var reserved = MemoryRangeList()
  /// Registers of devices the kernel does not drive, in whole pages.
  public var devices = MemoryRangeList()
  /// The GICv2's two register blocks.
  public var distributor = MemoryRange.empty
  public var cpuInterface = MemoryRange.empty
  /// The first PL011.
  public var console = MemoryRange.empty
  public var consoleInterrupt: UInt64 = 0
  /// Interrupt of the virtual timer.
  public var timerInterrupt: UInt64 = 0
  /// How the firmware is called that can reset the board (the arm,psci binding's `method`).
  public var firmware = FirmwareCall.none
  /// Command line in `/chosen`, if there is one.
  public var bootArguments: PropertyValue?

  /// What the kernel cannot do without and the tree does not have, in words; nil if it has everything.
  public var missing: StaticString? {
    if memory.count == 0 { return "the device tree has no memory" }
    if distributor.size == 0 || cpuInterface.size == 0 { return "the device tree has no GICv2" }
    if console.size == 0 || consoleInterrupt == 0 { return "the device tree has no PL011" }
    if timerInterrupt == 0 { return "the device tree has no virtual timer" }
    return nil
  }

  /// Reads the whole tree.
  public init(_ tree: DeviceTree) throws(DeviceTreeError) {
    tree.forEachReservation { reserved.append($0.pagesTouched) }
    var nodes = tree.nodes()
    var inReservedMemory = false
    while let node = try nodes.next() {
      if node.depth == 1 { inReservedMemory = node.isNamed("reserved-memory") }
      if inReservedMemory {
        if let range = node.registers(0) { reserved.append(range.pagesTouched) }
      } else if node.depth == 1 {
        add(node)
      }
    }
  }

  /// Position of the virtual timer's interrupt in the binding of arm,armv8-timer.
  private static let virtualTimerIndex = 2

  private mutating func add(_ node: DeviceNode) {
    if node.isNamed("memory") {
      addAll(of: node) { $0.memory.append($1.wholePages) }
    } else if node.isNamed("chosen") {
      bootArguments = node.property("bootargs")
    } else if node.isCompatible(with: "arm,armv8-timer") {
      timerInterrupt = node.interrupt(Self.virtualTimerIndex) ?? 0
    } else if node.isCompatible(with: "arm,psci-0.2") {
      firmware = node.property("method").map { FirmwareCall($0) } ?? .none
    } else if node.isCompatible(with: "arm,cortex-a15-gic") || node.isCompatible(with: "arm,gic-400") {
      distributor = node.registers(0) ?? .empty
      cpuInterface = node.registers(1) ?? .empty
    } else if console.size == 0, node.isCompatible(with: "arm,pl011") {
      console = node.registers(0) ?? .empty
      consoleInterrupt = node.interrupt(0) ?? 0
    } else {
      addAll(of: node) { $0.devices.append($1.pagesTouched) }
    }
  }

  private mutating func addAll(of node: DeviceNode, _ add: (inout BoardDescription, MemoryRange) -> Void) {
    var index = 0
    while let range = node.registers(index) {
      add(&self, range)
      index &+= 1
    }
  }
}
