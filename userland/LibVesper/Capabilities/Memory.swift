public import KernelObjects

/// Which segments are reachable, with which rights.
public struct ProtectionDomainCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  /// Makes the segment's pages reachable here with at most `rights`.
  ///
  /// - Throws: status `missingTable` until all tables above the segment are installed.
  public func attach(_ segment: SegmentCapability, rights: Rights) throws(Refusal) {
    _ = try invoke(
      .protectionDomainAttach, on: pointer, [segment.pointer.rawValue, UInt64(rights.rawValue)])
  }

  public func detach(_ segment: SegmentCapability) throws(Refusal) {
    _ = try invoke(.protectionDomainDetach, on: pointer, [segment.pointer.rawValue])
  }

  /// Enters the table at the highest level that is missing on the way to `address`.
  public func install(_ table: PageTableCapability, for address: UInt64) throws(Refusal) {
    _ = try invoke(.protectionDomainInstall, on: pointer, [table.pointer.rawValue, address])
  }
}

/// An upper-level translation table.
public struct PageTableCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }
}

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

/// One page of memory.
public struct FrameCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  public func physicalAddress() throws(Refusal) -> UInt64 {
    try invoke(.frameGetAddress, on: pointer).words[0]
  }

  /// Makes instructions that were written to the page visible to instruction fetch.
  public func synchronizeInstructions() throws(Refusal) {
    _ = try invoke(.frameSynchronizeInstructions, on: pointer)
  }
}
