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
