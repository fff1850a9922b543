public import KernelObjects

/// Registers that a domain which faulted is to go on with, in place of those it has: at most five, which the answer to the
/// fault carries.
public struct RegisterChanges {
  private var mask: UInt64 = 0
  private var values = InlineArray<6, UInt64>(repeating: 0)

  public init() {}

  public static let stackPointer: UInt64 = 31
  public static var programCounter: UInt64 { RegisterFrame.pcIndex }
  /// Condition flags only.
  public static var programStatus: UInt64 { RegisterFrame.pstateIndex }

  /// - Parameters:
  ///   - register: number in `RegisterFrame`.
  ///   - value: what the kernel checks when the answer is given.
  public mutating func set(_ register: UInt64, to value: UInt64) {
    guard register < 64 else { return }
    let place = 1 + (mask & (1 << register - 1)).nonzeroBitCount
    if mask >> register & 1 == 0 {
      for index in (place..<max(place, values.count - 1)).reversed() { values[index + 1] = values[index] }
      mask |= 1 << register
    }
    if place < values.count { values[place] = value }
  }

  /// The answer. One that is to change more than five registers is refused by the kernel.
  public var answer: Message {
    var message = Message(label: FaultAnswer.resumeWithRegisters.rawValue)
    message.words = values
    message.words[0] = mask
    message.length = min(UInt64(mask.nonzeroBitCount) + 1, MessageInfo.maximumLength)
    return message
  }
}
