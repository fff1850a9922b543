public import KernelObjects

/// A slot by the CNode that holds it and its plain index there.
public struct SlotReference: Equatable, Sendable {
  public var cnode: CNodeCapability
  public var index: UInt64

  @inlinable
  public init(_ cnode: CNodeCapability, _ index: UInt64) {
    self.cnode = cnode
    self.index = index
  }
}

/// A table of capability slots.
public struct CNodeCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  /// Derives a capability with at most the source's rights.
  public func copy(to index: UInt64, from source: SlotReference, rights: Rights = .all) throws(Refusal) {
    _ = try invoke(
      .cnodeCopy, on: pointer,
      [index, source.cnode.pointer.rawValue, source.index, UInt64(rights.rawValue)])
  }

  /// As copy, with a badge (Endpoint, Notification).
  public func mint(to index: UInt64, from source: SlotReference, rights: Rights = .all, badge: UInt64)
    throws(Refusal)
  {
    _ = try invoke(
      .cnodeMint, on: pointer,
      [index, source.cnode.pointer.rawValue, source.index, UInt64(rights.rawValue), badge])
  }

  /// As copy, with a guard (CNode).
  public func mint(
    to index: UInt64, from source: SlotReference, rights: Rights = .all, guardValue: UInt64, guardSize: UInt64
  ) throws(Refusal) {
    _ = try invoke(
      .cnodeMint, on: pointer,
      [
        index, source.cnode.pointer.rawValue, source.index, UInt64(rights.rawValue), guardValue, guardSize,
      ])
  }

  public func move(to index: UInt64, from source: SlotReference) throws(Refusal) {
    _ = try invoke(.cnodeMove, on: pointer, [index, source.cnode.pointer.rawValue, source.index])
  }

  /// Moves `pivot` to `destination` and `source` to `pivot`.
  public func rotate(destination: UInt64, pivot: UInt64, source: UInt64) throws(Refusal) {
    _ = try invoke(.cnodeRotate, on: pointer, [destination, pivot, source])
  }

  public func delete(_ index: UInt64) throws(Refusal) { _ = try invoke(.cnodeDelete, on: pointer, [index]) }

  /// Deletes everything derived from the capability, not the capability itself.
  public func revoke(_ index: UInt64) throws(Refusal) { _ = try invoke(.cnodeRevoke, on: pointer, [index]) }

  /// Ends the sends queued with the badge of the Endpoint capability at `index`.
  public func cancelBadgedSends(_ index: UInt64) throws(Refusal) {
    _ = try invoke(.cnodeCancelBadgedSends, on: pointer, [index])
  }

  /// Moves the right to answer the last caller to `index`.
  public func saveReply(to index: UInt64) throws(Refusal) {
    _ = try invoke(.cnodeSaveReply, on: pointer, [index])
  }
}
