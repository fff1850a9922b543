public import KernelArch

/// An Arm generic interrupt controller of architecture 2 (IHI 0048B): distributor and CPU interface.
///
/// Interrupts are named by their ID: 16...31 are private to the processor (PPIs), 32...1019 shared (SPIs).
public struct GICv2: Sendable {
  let distributor: DeviceRegisters
  let cpuInterface: DeviceRegisters

  /// The controller whose two register blocks start at these physical addresses.
  public init(distributor: UInt64, cpuInterface: UInt64) {
    self.distributor = DeviceRegisters(base: distributor)
    self.cpuInterface = DeviceRegisters(base: cpuInterface)
  }

  /// Physical address of the distributor.
  public var base: UInt64 { distributor.base }

  /// Distributor offsets (IHI 0048B, table 4-1); the tables have a bit, two bits or a byte for each interrupt.
  private enum Distributor {
    static let control: UInt64 = 0x000
    static let type: UInt64 = 0x004
    static let setEnable: UInt64 = 0x100
    static let clearEnable: UInt64 = 0x180
    static let clearPending: UInt64 = 0x280
    static let clearActive: UInt64 = 0x380
    static let priority: UInt64 = 0x400
    static let target: UInt64 = 0x800
    static let configuration: UInt64 = 0xc00
  }

  /// CPU interface offsets (IHI 0048B, table 4-2).
  private enum CPUInterface {
    static let control: UInt64 = 0x00
    static let priorityMask: UInt64 = 0x04
    static let acknowledge: UInt64 = 0x0c
    static let end: UInt64 = 0x10
  }

  private static let firstSharedInterrupt: UInt64 = 32
  private static let middlePriorities: UInt32 = 0x8080_8080
  private static let firstCPUTargets: UInt32 = 0x0101_0101
  private static let lowestPriority: UInt32 = 0xf0
  /// Acknowledge answers IDs from here on if nothing was pending (IHI 0048B, 3.2.5).
  private static let firstSpecialInterrupt: UInt32 = 1020

  /// Masks everything, gives all interrupts one priority and the first processor, and switches on.
  public func enable() {
    distributor.write32(Distributor.control, 0)
    let words = UInt64(distributor.read32(Distributor.type) & 31) &+ 1
    for word in 0..<words {
      distributor.write32(Distributor.clearEnable &+ 4 &* word, ~0)
      distributor.write32(Distributor.clearActive &+ 4 &* word, ~0)
    }
    for word in 0..<8 &* words {
      distributor.write32(Distributor.priority &+ 4 &* word, Self.middlePriorities)
    }
    for word in Self.firstSharedInterrupt / 4..<8 &* words {
      distributor.write32(Distributor.target &+ 4 &* word, Self.firstCPUTargets)
    }
    distributor.write32(Distributor.control, 1)
    cpuInterface.write32(CPUInterface.priorityMask, Self.lowestPriority)
    cpuInterface.write32(CPUInterface.control, 1)
  }

  /// Makes the pending interrupt of highest priority active.
  ///
  /// - Returns: what `end` needs, with the interrupt's ID in bits 9:0; nil if nothing was pending.
  @inline(__always)
  public func acknowledge() -> UInt32? {
    let value = cpuInterface.read32(CPUInterface.acknowledge)
    return value & 0x3ff < Self.firstSpecialInterrupt ? value : nil
  }

  /// Ends an interrupt that `acknowledge` made active.
  @inline(__always)
  public func end(_ acknowledged: UInt32) { cpuInterface.write32(CPUInterface.end, acknowledged) }

  /// Keeps an interrupt from being signalled; it may still become pending.
  @inline(__always)
  public func mask(_ interrupt: UInt64) {
    distributor.write32(Distributor.clearEnable &+ interrupt / 32 &* 4, 1 &<< UInt32(interrupt % 32))
  }

  /// Lets an interrupt be signalled.
  @inline(__always)
  public func unmask(_ interrupt: UInt64) {
    distributor.write32(Distributor.setEnable &+ interrupt / 32 &* 4, 1 &<< UInt32(interrupt % 32))
  }

  /// Chooses the trigger of a masked interrupt (IHI 0048B, 4.3.13), and forgets an edge that it had.
  public func configure(_ interrupt: UInt64, isEdge: Bool) {
    let offset = Distributor.configuration &+ interrupt / 16 &* 4
    let edge = UInt32(2) &<< UInt32(interrupt % 16 &* 2)
    let others = distributor.read32(offset) & ~edge
    distributor.write32(offset, isEdge ? others | edge : others)
    distributor.write32(Distributor.clearPending &+ interrupt / 32 &* 4, 1 &<< UInt32(interrupt % 32))
  }
}
