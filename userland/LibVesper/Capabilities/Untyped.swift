public import KernelObjects

/// Memory that is not yet anything.
public struct UntypedCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  /// Makes `count` objects side by side, their capabilities in consecutive slots of `cnode` from `index` on.
  ///
  /// `sizeBits` is the radix of a CNode, or log2 of the bytes of an Untyped; types of one size ignore it.
  public func retype(
    _ type: CapabilityType, sizeBits: UInt64 = 0, count: UInt64 = 1, into cnode: CNodeCapability,
    at index: UInt64
  ) throws(Refusal) {
    _ = try invoke(
      .untypedRetype, on: pointer, [UInt64(type.rawValue), sizeBits, count, cnode.pointer.rawValue, index])
  }

  /// Takes all memory back; refused while anything is derived from it.
  public func reset() throws(Refusal) { _ = try invoke(.untypedReset, on: pointer) }
}
