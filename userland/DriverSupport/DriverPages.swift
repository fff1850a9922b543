public import Devices
internal import KernelObjects
public import LibVesper

/// Pages that a driver shares with its device, in a segment whose capability the driver holds.
public struct DriverPages: Sendable {
  private let base: UInt64
  private let segment = SegmentCapability(ProgramSlot.segment.pointer)

  /// - Parameter base: virtual address of the first page.
  public init(base: UInt64) { self.base = base }

  /// - Throws: status `notMapped` if there is none.
  public func page(_ index: UInt64) throws(Refusal) -> DevicePage {
    let address = base + index << AddressSpace.pageBits
    let run = try segment.translate((address - (try segment.address())) >> AddressSpace.pageBits)
    return DevicePage(virtual: address, physical: run.address)
  }

  /// Two pages for a queue.
  public func queue(_ first: UInt64) throws(Refusal) -> QueueMemory {
    QueueMemory(descriptors: try page(first), rings: try page(first + 1))
  }
}
