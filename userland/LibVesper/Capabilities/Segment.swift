public import KernelObjects

/// 2 MiB of the single address space.
public struct SegmentCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  public static let pageCount: UInt64 = 512

  /// Enters the frame at page `index`, 0...511. One frame capability is one mapping.
  public func map(_ frame: FrameCapability, at index: UInt64, rights: Rights) throws(Refusal) {
    _ = try invoke(.segmentMap, on: pointer, [frame.pointer.rawValue, index, UInt64(rights.rawValue)])
  }

  public func unmap(_ frame: FrameCapability) throws(Refusal) {
    _ = try invoke(.segmentUnmap, on: pointer, [frame.pointer.rawValue])
  }

  /// Changes the rights of a page that is mapped.
  public func protect(_ frame: FrameCapability, rights: Rights) throws(Refusal) {
    _ = try invoke(.segmentProtect, on: pointer, [frame.pointer.rawValue, UInt64(rights.rawValue)])
  }

  /// Virtual address of the first page, the same in every domain.
  public func address() throws(Refusal) -> UInt64 { try invoke(.segmentGetAddress, on: pointer).words[0] }
}
