public import KernelObjects

/// Pages of a segment that follow each other in physical memory and may be used alike.
public struct PhysicalRun: Equatable, Sendable {
  /// Of the first page.
  public var address: UInt64
  /// What the pages and the segment's capability both allow.
  public var rights: Rights
  public var pageCount: UInt64
  /// A device's registers, not memory.
  public var isDevice: Bool
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

  /// What lies behind page `index`, 0...511, and the pages after it that are alike.
  ///
  /// - Throws: status `notMapped` if nothing does.
  public func translate(_ index: UInt64) throws(Refusal) -> PhysicalRun {
    let words = try invoke(.segmentTranslate, on: pointer, [index]).words
    return PhysicalRun(
      address: words[0], rights: Rights(rawValue: UInt8(truncatingIfNeeded: words[1])), pageCount: words[2],
      isDevice: words[3] != 0)
  }

  /// Virtual address of the first page, the same in every domain.
  public func address() throws(Refusal) -> UInt64 { try invoke(.segmentGetAddress, on: pointer).words[0] }
}
