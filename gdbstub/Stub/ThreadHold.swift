/// Why one thread does not run while others do.
public struct ThreadHold: Sendable {
  public let reason: StopReason
  /// Whether the client has taken the news.
  public let isTold: Bool

  public init(reason: StopReason, isTold: Bool) {
    self.reason = reason
    self.isTold = isTold
  }
}
