import HostedKernel
import Inspection
import KernelObjects
import TargetLink
import Testing

/// A working kernel with the domains of the scenario, whose memory a test then makes wrong.
final class HostedFixture {
  let scenario: Scenario
  let target: InMemoryTarget
  private let layouts: KernelLayouts

  /// Blocks of `devices` are readable beside the kernel's memory.
  init(devices: [UInt64: [UInt8]] = [:]) throws {
    scenario = try Scenario()
    let memory = scenario.hosted.memory
    target = InMemoryTarget(
      live: [MemoryRange(address: memory.base, count: Int(memory.size))], image: devices)
    target.descriptor = try target.readPhysical(
      address: scenario.hosted.descriptor, count: scenario.hosted.descriptorSize)
    layouts = try KernelLayouts(DescriptorLocator.locate(in: target))
  }

  func snapshot() throws -> Snapshot {
    try Snapshot.take(of: target, layouts: layouts, includingTables: true)
  }

  func word(at address: UInt64) throws -> UInt64 {
    try ByteView(target.readPhysical(address: address, count: 8)).integer(at: 0, size: 8)
  }

  func set(_ word: UInt64, at address: UInt64) throws {
    try target.writePhysical(withUnsafeBytes(of: word.littleEndian, Array.init), at: address)
  }

  func flip(_ bits: UInt64, at address: UInt64) throws { try set(word(at: address) ^ bits, at: address) }

  /// A slot that says that it is entered, and where.
  func entered(
    _ kind: ObjectKind, in snapshot: Snapshot, where isWanted: (TableLinkRecord) -> Bool = { _ in true }
  )
    throws -> (slot: SlotRecord, link: TableLinkRecord, entry: UInt64)
  {
    for slot in snapshot.slots.records.sorted(by: { $0.address < $1.address })
    where slot.capability.kind == kind {
      guard let link = snapshot.link(of: slot), isWanted(link) else { continue }
      return (slot, link, link.table + link.index * 8)
    }
    throw InspectionError.damagedDescriptor(reason: "no \(kind) is entered anywhere")
  }
}
