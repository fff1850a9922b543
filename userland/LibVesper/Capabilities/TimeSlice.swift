internal import KernelObjects

/// A range of the processor's slice vector.
public struct TimeSliceCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  /// Keeps the first `kept` slots and puts a capability to the rest into an empty slot.
  public func split(keeping kept: UInt64, restTo slot: SlotReference) throws(Refusal) {
    _ = try invoke(.timeSliceSplit, on: pointer, [kept, slot.cnode.pointer.rawValue, slot.index])
  }

  /// From now on the time of these slots is the domain's.
  public func bind(to domain: DomainCapability) throws(Refusal) {
    _ = try invoke(.timeSliceBind, on: pointer, [domain.pointer.rawValue])
  }

  public func unbind() throws(Refusal) { _ = try invoke(.timeSliceUnbind, on: pointer) }
}
