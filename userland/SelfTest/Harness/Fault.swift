internal import KernelObjects
internal import LibVesper

/// The message that the kernel sends in a faulting domain's name.
struct Fault {
  let kind: FaultKind
  let programCounter: UInt64
  let address: UInt64
  let syndrome: UInt64
  let stackPointer: UInt64
  let badge: UInt64

  init(_ received: ReceivedMessage) {
    kind = FaultKind(rawValue: UInt32(truncatingIfNeeded: received.message.label)) ?? .other
    programCounter = received.message.words[0]
    address = received.message.words[1]
    syndrome = received.message.words[2]
    stackPointer = received.message.words[3]
    badge = received.badge
  }

  /// EC of the syndrome (Arm ARM, D17.2.37).
  var exceptionClass: UInt64 { syndrome >> 26 & 63 }
  /// Of an abort: the fault status without the level.
  var status: UInt64 { syndrome & 0x3c }
  /// Of a data abort: whether it was a write (WnR).
  var isWrite: Bool { syndrome >> 6 & 1 != 0 }

  static let translation: UInt64 = 0x04
  static let permission: UInt64 = 0x0c
}

extension Trial {
  /// An Endpoint for the faults of helpers, and a capability to it with `badge`.
  mutating func faultEndpoint(badge: UInt64 = 0xfa) throws(Refusal) -> (
    handler: EndpointCapability, badged: EndpointCapability
  ) {
    let handler = try endpoint()
    return (handler, EndpointCapability(try badged(handler.pointer, badge)))
  }

  /// Lets a helper take one step that goes wrong, and returns what its handler hears of it.
  mutating func fault(of step: HelperStep) throws(Refusal) -> Fault {
    let (handler, badged) = try faultEndpoint()
    try helper(0, faultEndpoint: badged, [step]).start()
    return try nextFault(handler)
  }

  /// What the handler hears next. A fault that does not come fails the case with `noPartner`.
  func nextFault(_ handler: EndpointCapability) throws(Refusal) -> Fault {
    settle()
    return Fault(try handler.nonBlockingReceive())
  }
}
