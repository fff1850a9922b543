package import KernelObjects

/// What happens to a system: a program's call, or something from outside.
///
/// Its operands are the very numbers that a program would use, so an operation means the same whatever came before
/// it, and a sequence stays one when some of its operations are left out.
package enum Operation: Equatable, Sendable {
  case tick
  /// Time passes, up to this many counts, but not until the timer interrupts.
  case pass(UInt64)
  case interrupt(UInt64)
  /// The program reads from where it may not.
  case fault(Actor, address: UInt64)
  /// The program sets a word of its `FloatingPointState` to something that depends on the number.
  case compute(Actor, UInt64)
  /// The program writes to the frame in a slot of the arena.
  case scribble(UInt64)
  /// The program writes one word, by its number, of the frame in a slot of the arena.
  case write(UInt64, word: UInt64, UInt64)
  /// The root domain configures and starts one of its actors.
  case restart(Int)
  case call(Actor, CallRegisters)
}

/// Who does something: one of the root domain's, or the Domain that a slot of the arena names. If it cannot run,
/// nothing happens.
package enum Actor: Equatable, Sendable {
  case fixed(Int)
  case slot(UInt64)
}

/// The registers that a system call looks at.
package struct CallRegisters: Equatable, Sendable {
  /// x8.
  package var number: UInt64
  /// x0.
  package var pointer: UInt64
  /// x1.
  package var info: UInt64
  /// x2...x7.
  package var words: [UInt64]
  /// x9: the capability to be passed along.
  package var passed: UInt64
  /// x10: the slot for a received one.
  package var receiveSlot: UInt64

  init(
    _ number: UInt64, _ pointer: UInt64, info: UInt64 = 0, words: [UInt64] = [], passed: UInt64 = 0,
    receiveSlot: UInt64 = 0
  ) {
    self.number = number
    self.pointer = pointer
    self.info = info
    self.words = words + Array(repeating: 0, count: 6 - words.count)
    self.passed = passed
    self.receiveSlot = receiveSlot
  }

  init(invoke invocation: Invocation, on pointer: UInt64, _ words: [UInt64]) {
    self.init(
      SystemCall.call.rawValue, pointer, info: Self.info(of: invocation), words: words)
  }

  static func info(of invocation: Invocation) -> UInt64 {
    MessageInfo(label: invocation.rawValue, length: 6).word
  }

  package var invocation: Invocation? {
    guard number == SystemCall.call.rawValue else { return nil }
    return Invocation(rawValue: MessageInfo(word: info).label)
  }
}
