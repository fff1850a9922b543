public import KernelObjects

/// What gets processor time.
public struct DomainCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  /// Gives the domain its capability space, its address space and where its faults are reported.
  public func configure(
    cnode: CNodeCapability, protectionDomain: ProtectionDomainCapability, faultEndpoint: EndpointCapability?
  ) throws(Refusal) {
    _ = try invoke(
      .domainConfigure, on: pointer,
      [
        cnode.pointer.rawValue, protectionDomain.pointer.rawValue,
        (faultEndpoint?.pointer ?? .none).rawValue,
      ])
  }

  /// Makes the domain ready to run at `programCounter`, its first registers holding `arguments`.
  public func start(
    programCounter: UInt64, stackPointer: UInt64, arguments: InlineArray<3, UInt64>
  ) throws(Refusal) {
    _ = try invoke(
      .domainStart, on: pointer,
      [programCounter, stackPointer, arguments[0], arguments[1], arguments[2]])
  }

  public func suspend() throws(Refusal) { _ = try invoke(.domainSuspend, on: pointer) }

  public func resume() throws(Refusal) { _ = try invoke(.domainResume, on: pointer) }

  /// Up to six registers from the `first` on, of `RegisterFrame` or of `FloatingPointState`.
  public func readRegisters(from first: UInt64) throws(Refusal) -> Message {
    try invoke(.domainReadRegisters, on: pointer, [first])
  }

  /// Replaces four registers from the `first` on, of `RegisterFrame` or of `FloatingPointState`.
  public func writeRegisters(from first: UInt64, _ values: InlineArray<4, UInt64>) throws(Refusal) {
    _ = try invoke(
      .domainWriteRegisters, on: pointer, [first, 4, values[0], values[1], values[2], values[3]])
  }

  /// Lets the notification's signals also end the domain's receives; nil unbinds.
  public func bind(_ notification: NotificationCapability?) throws(Refusal) {
    _ = try invoke(.domainBindNotification, on: pointer, [(notification?.pointer ?? .none).rawValue])
  }

  /// Lends the domain the rest of the caller's time, at most until the timer's count `until` (see `Processor.time`;
  /// 0 is to the end of the slice), and tells why it came back.
  public func run(until: UInt64 = 0) throws(Refusal) -> TimeReturn {
    let answer = try trap(
      .call, on: pointer, Message(label: Invocation.domainRun.rawValue, words: [until]), receivingInto: .none)
    return TimeReturn(
      reason: RunReason(rawValue: answer.message.words[0]), detail: answer.message.words[1],
      events: answer.badge)
  }

  /// Makes the frame's first bytes the domain's `ControlBlock`; nil takes it away. The block's `isOn` turns activations on
  /// and off from then on.
  public func setControlBlock(_ frame: FrameCapability?) throws(Refusal) {
    _ = try invoke(.domainSetControlBlock, on: pointer, [(frame?.pointer ?? .none).rawValue])
  }

  public func setName(_ name: DomainName) throws(Refusal) {
    _ = try invoke(.domainSetName, on: pointer, [name.word0, name.word1])
  }
}

/// How time that was lent came back.
public struct TimeReturn {
  /// nil if it is one that this library does not know.
  public let reason: RunReason?
  /// `blocked`: what the domain does, a `DomainState`; `faulted`: its `FaultKind`.
  public let detail: UInt64
  /// What was signalled to the lender's bound notification.
  public let events: UInt64
}
