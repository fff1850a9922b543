/// What a register holds: at most 16 bytes.
public struct RegisterContents: Equatable, Sendable {
  public var low: UInt64
  /// Bytes 8...15, of a register that has them.
  public var high: UInt64

  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// Of a register of at most 8 bytes.
  public init(_ value: UInt64) { self.init(low: value, high: 0) }
}
