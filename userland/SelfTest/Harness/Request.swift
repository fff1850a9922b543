internal import KernelObjects
internal import LibVesper
internal import UserRuntime

/// A system call with every register chosen, also such as no library would make.
struct Request {
  /// x8.
  var number: UInt64
  /// x0.
  var target: UInt64
  /// x1.
  var info: UInt64
  /// x2...x7.
  var words: InlineArray<6, UInt64>
  /// x9: the capability to be passed along.
  var capability: UInt64 = 0
  /// x10: the slot for one that comes.
  var slot: UInt64 = 0

  init(_ call: SystemCall, on target: CapabilityPointer = .none, _ message: Message = Message(label: 0)) {
    number = call.rawValue
    self.target = target.rawValue
    info =
      MessageInfo(
        label: message.label, length: message.length, hasCapability: message.capability != .none
      ).word
    words = message.words
    capability = message.capability.rawValue
  }

  func receiving(into slot: CapabilityPointer) -> Request {
    var request = self
    request.slot = slot.rawValue
    return request
  }

  func perform() -> Answer {
    let result = vesper_system_call(
      vesper_registers(
        x0: target, x1: info, x2: words[0], x3: words[1], x4: words[2], x5: words[3], x6: words[4],
        x7: words[5], x8: number, x9: capability, x10: slot))
    return Answer(
      status: result.x0, info: MessageInfo(word: result.x1),
      words: [result.x2, result.x3, result.x4, result.x5, result.x6, result.x7], badge: result.x8)
  }
}

/// What a system call returned, taken as it is: most cases are about refusals.
struct Answer {
  var status: UInt64 = 0
  var info = MessageInfo(word: 0)
  var words = InlineArray<6, UInt64>(repeating: 0)
  var badge: UInt64 = 0
  /// Label of the invocation that it answers; 0 if it is none, or was made by another domain.
  var invocation: UInt64 = 0

  /// Of a refusal: which argument was wrong, and the detail.
  var argument: UInt64 { words[0] }
  var detail: UInt64 { words[1] }
}

/// Calls a kernel object and takes what comes.
func call<let count: Int>(
  _ invocation: Invocation, on target: CapabilityPointer, _ words: InlineArray<count, UInt64>
) -> Answer {
  var answer = Request(.call, on: target, Message(label: invocation.rawValue, words: words)).perform()
  answer.invocation = invocation.rawValue
  return answer
}

func call(_ invocation: Invocation, on target: CapabilityPointer) -> Answer {
  call(invocation, on: target, [] as InlineArray<0, UInt64>)
}

extension TypedCapability {
  /// As an argument in a message word.
  var word: UInt64 { pointer.rawValue }
}

extension CapabilityPointer {
  init(_ slot: UInt64) { self.init(rawValue: slot) }
}

/// Does the same with each of some values.
func each<let count: Int>(
  _ values: InlineArray<count, UInt64>, _ body: (UInt64) throws(Refusal) -> Void
) throws(Refusal) {
  for index in 0..<count { try body(values[index]) }
}
