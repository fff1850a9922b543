public import KernelObjects

/// A word of event bits.
public struct NotificationCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  /// Adds the capability's badge to the pending bits.
  @inlinable @inline(__always)
  public func signal() throws(Refusal) {
    _ = try trap(.send, on: pointer, Message(label: 0), receivingInto: .none)
  }

  /// Waits until some bit is pending; returns and clears all of them.
  @inlinable @inline(__always)
  public func wait() throws(Refusal) -> UInt64 {
    try trap(.receive, on: pointer, Message(label: 0), receivingInto: .none).badge
  }

  /// - Throws: status `noPartner` if no bit is pending.
  @inlinable @inline(__always)
  public func poll() throws(Refusal) -> UInt64 {
    try trap(.nonBlockingReceive, on: pointer, Message(label: 0), receivingInto: .none).badge
  }
}
