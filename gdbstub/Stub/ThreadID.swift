/// A thread's number in the protocol: from 1 up to ``ThreadID/last``, 0 and -1 stand for any and all.
public struct ThreadID: Equatable, Sendable {
  /// The number in the protocol.
  public let number: UInt64

  /// gdb keeps thread numbers in a signed `long`.
  public static let last = UInt64(Int64.max)

  /// Nil if `number` is out of range.
  public init?(_ number: UInt64) {
    guard number >= 1, number <= Self.last else { return nil }
    self.number = number
  }

  private init(known number: UInt64) { self.number = number }

  /// The only thread of a target that has one.
  public static let first = ThreadID(known: 1)
}
