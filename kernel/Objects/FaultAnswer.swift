/// What a handler wants done with a Domain that faulted, as the label of its answer says. Any other label leaves the Domain
/// stopped.
public enum FaultAnswer: UInt64, Sendable {
  /// It goes on where it stopped, with the registers it has.
  case resume = 0
  /// It goes on with some registers out of the message: bit n of word 0 chooses register n of `RegisterFrame`, and the
  /// other words are the values of those chosen, in the order of their numbers.
  case resumeWithRegisters = 2

  /// Registers that fit a message beside word 0.
  public static let registerLimit: UInt64 = MessageInfo.maximumLength - 1
}
