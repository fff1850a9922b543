internal import KernelObjects

/// How an interrupt line tells of an event.
public enum InterruptTrigger: UInt64, Sendable {
  case level = 0
  case edge = 1
}

/// The right to hand out interrupts.
public struct IRQControlCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  /// Puts the right to serve interrupt `irq` (its INTID at the controller) into an empty slot.
  public func get(_ irq: UInt64, _ trigger: InterruptTrigger, into slot: SlotReference) throws(Refusal) {
    _ = try invoke(
      .irqControlGet, on: pointer, [irq, trigger.rawValue, slot.cnode.pointer.rawValue, slot.index])
  }
}

extension IRQControlCapability {
  /// Lets handlers of interrupt `irq` take at most `counts` timer counts of others' slots in as long as a slot; with 0
  /// they run in slots of their own only.
  public func limit(_ irq: UInt64, to counts: UInt64) throws(Refusal) {
    _ = try invoke(.irqControlLimit, on: pointer, [irq, counts])
  }
}

/// The right to serve one interrupt.
public struct IRQHandlerCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  /// From now on the line interrupts, and each interrupt signals the notification with this capability's badge.
  public func bind(_ notification: NotificationCapability) throws(Refusal) {
    _ = try invoke(.irqHandlerBind, on: pointer, [notification.pointer.rawValue])
  }

  /// The device was served: lets the line interrupt again.
  public func acknowledge() throws(Refusal) { _ = try invoke(.irqHandlerAck, on: pointer) }

  /// Undoes `bind`.
  public func clear() throws(Refusal) { _ = try invoke(.irqHandlerClear, on: pointer) }
}
