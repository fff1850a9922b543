public import KernelObjects
public import UserRuntime

/// One system call on the capability `target`: fills the registers, traps, and tells a refusal from an answer.
/// `slot` is the empty one for a capability that comes with the answer.
// Inlined into programs, so that a message never passes through memory on its way to the registers.
@inlinable
@inline(__always)
func trap(
  _ number: SystemCall, on target: CapabilityPointer, _ message: Message,
  receivingInto slot: CapabilityPointer
) throws(Refusal) -> ReceivedMessage {
  let words = message.words
  let result = vesper_system_call(
    vesper_registers(
      x0: target.rawValue, x1: message.info.word, x2: words[0], x3: words[1], x4: words[2], x5: words[3],
      x6: words[4], x7: words[5], x8: number.rawValue, x9: message.capability.rawValue, x10: slot.rawValue))
  guard result.x0 == Status.ok.rawValue else {
    throw Refusal(rawStatus: result.x0, argument: result.x2, detail: result.x3, label: message.label)
  }
  let info = MessageInfo(word: result.x1)
  var answer = Message(label: info.label)
  answer.length = info.length
  answer.words = [result.x2, result.x3, result.x4, result.x5, result.x6, result.x7]
  return ReceivedMessage(message: answer, badge: result.x8, hasCapability: info.hasCapability)
}

/// Calls a kernel object.
@inline(__always)
func invoke<let count: Int>(
  _ invocation: Invocation, on target: CapabilityPointer, _ words: InlineArray<count, UInt64>
) throws(Refusal) -> Message {
  try trap(.call, on: target, Message(label: invocation.rawValue, words: words), receivingInto: .none).message
}

/// Calls a kernel object with no words.
@inline(__always)
func invoke(_ invocation: Invocation, on target: CapabilityPointer) throws(Refusal) -> Message {
  try trap(.call, on: target, Message(label: invocation.rawValue), receivingInto: .none).message
}
