import KernelObjects

/// A call on a kernel object: who calls, through which capability, with which words.
struct InvocationContext {
  let caller: Reference<Domain>
  /// Where the invoked capability is.
  let slot: Reference<Slot>
  let capability: Capability
  /// Raw value of the `Invocation` that is wanted. Each object looks for its own: made an `Invocation` first, it
  /// would be told apart from all others twice.
  let label: UInt64

  /// Reads the capability in `slot`, which is a kernel object's.
  @inline(__always)
  init(_ slot: Reference<Slot>, by caller: Reference<Domain>) {
    self.caller = caller
    self.slot = slot
    capability = slot.capability
    label = MessageInfo(word: caller[x: 1]).label
  }

  var noSuchInvocation: Refusal { Refusal(.invalidInvocation, detail: label) }

  /// Message word 0...5.
  @inline(__always)
  func word(_ index: Int) -> UInt64 {
    switch index {
    case 0: caller[x: 2]
    case 1: caller[x: 3]
    case 2: caller[x: 4]
    case 3: caller[x: 5]
    case 4: caller[x: 6]
    default: caller[x: 7]
    }
  }
}

extension Kernel {
  /// The capability of `type` that message word `index` names.
  @inline(__always)
  func capabilityArgument(_ index: Int, _ type: CapabilityType, in context: InvocationContext)
    throws(Refusal) -> Reference<Slot>
  {
    try lookUp(
      type, context.word(index), in: context.caller, argument: UInt64(truncatingIfNeeded: index) &+ 1)
  }

  /// The empty slot that words `index` (CNode) and `index + 1` (slot index) name.
  func destinationArgument(_ index: Int, in context: InvocationContext) throws(Refusal) -> Reference<Slot> {
    let cnode = try capabilityArgument(index, .cnode, in: context).capability
    return try emptySlot(
      context.word(index &+ 1), of: cnode, argument: UInt64(truncatingIfNeeded: index) &+ 2)
  }

  @inline(__always)
  func rightsArgument(_ index: Int, in context: InvocationContext) throws(Refusal) -> Rights {
    let word = context.word(index)
    guard word <= 7 else {
      throw Refusal(.outOfRange, argument: UInt64(truncatingIfNeeded: index) &+ 1, detail: 8)
    }
    return Rights(rawValue: UInt8(truncatingIfNeeded: word))
  }

  /// Answers an invocation with one word.
  func answer(_ caller: Reference<Domain>, word: UInt64) {
    caller[x: 1] = MessageInfo(label: 0, length: 1).word
    caller[x: 2] = word
  }
}
