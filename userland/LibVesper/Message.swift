public import KernelObjects

/// What travels in an IPC: a label, up to six words and at most one capability.
public struct Message: Sendable {
  public var label: UInt64
  /// How many of `words` count, 0...6.
  public var length: UInt64
  public var words: InlineArray<6, UInt64>
  /// To be passed along when sending; ignored in a received message.
  public var capability: CapabilityPointer

  @inlinable
  public init(label: UInt64, capability: CapabilityPointer = .none) {
    self.label = label
    self.length = 0
    self.words = InlineArray(repeating: 0)
    self.capability = capability
  }

  /// A message with the first six of `words`.
  @inlinable
  public init<let count: Int>(
    label: UInt64, words: InlineArray<count, UInt64>, capability: CapabilityPointer = .none
  ) {
    self.init(label: label, capability: capability)
    for index in 0..<min(count, 6) { self.words[index] = words[index] }
    length = UInt64(min(count, 6))
  }

  /// As the kernel wants it in x1.
  @inlinable
  var info: MessageInfo {
    MessageInfo(label: label, length: length, hasCapability: capability != .none)
  }
}

/// A message and from whom it came.
public struct ReceivedMessage: Sendable {
  public var message: Message
  /// Of the capability that the sender used; for a Notification, the bits that were signalled.
  public var badge: UInt64
  /// Whether a capability was put into the slot offered for it.
  public var hasCapability: Bool

  @inlinable
  public init(message: Message, badge: UInt64, hasCapability: Bool) {
    self.message = message
    self.badge = badge
    self.hasCapability = hasCapability
  }
}
