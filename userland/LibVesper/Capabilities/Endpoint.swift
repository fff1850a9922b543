public import KernelObjects

/// Rendezvous for synchronous messages. The parameter `slot` names the empty slot that takes a capability
/// which comes with the message.
public struct EndpointCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  /// Sends and waits for the answer.
  @inlinable @inline(__always)
  public func call(_ message: Message, receivingInto slot: CapabilityPointer = .none) throws(Refusal)
    -> ReceivedMessage
  {
    try trap(.call, on: pointer, message, receivingInto: slot)
  }

  /// Waits until somebody takes the message.
  @inlinable @inline(__always)
  public func send(_ message: Message) throws(Refusal) {
    _ = try trap(.send, on: pointer, message, receivingInto: .none)
  }

  /// - Throws: status `noPartner` if nobody waits for a message.
  @inlinable @inline(__always)
  public func nonBlockingSend(_ message: Message) throws(Refusal) {
    _ = try trap(.nonBlockingSend, on: pointer, message, receivingInto: .none)
  }

  @inlinable @inline(__always)
  public func receive(into slot: CapabilityPointer = .none) throws(Refusal) -> ReceivedMessage {
    try trap(.receive, on: pointer, Message(label: 0), receivingInto: slot)
  }

  /// - Throws: status `noPartner` if nobody is sending.
  @inlinable @inline(__always)
  public func nonBlockingReceive(into slot: CapabilityPointer = .none) throws(Refusal) -> ReceivedMessage {
    try trap(.nonBlockingReceive, on: pointer, Message(label: 0), receivingInto: slot)
  }

  /// Answers the last caller and waits for the next message: a server's loop in one system call.
  @inlinable @inline(__always)
  public func replyReceive(_ answer: Message, into slot: CapabilityPointer = .none) throws(Refusal)
    -> ReceivedMessage
  {
    try trap(.replyReceive, on: pointer, answer, receivingInto: slot)
  }
}

/// The right to answer one call.
public struct ReplyCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  /// Answers the caller whose reply was saved here.
  @inlinable @inline(__always)
  public func send(_ answer: Message) throws(Refusal) {
    _ = try trap(.send, on: pointer, answer, receivingInto: .none)
  }

  /// Answers whoever called this domain last.
  @inlinable @inline(__always)
  public static func reply(_ answer: Message) throws(Refusal) {
    _ = try trap(.reply, on: .none, answer, receivingInto: .none)
  }
}
