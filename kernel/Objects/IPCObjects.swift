/// Rendezvous for synchronous IPC. Only one of its two queues can be filled at a time.
public struct Endpoint: Sendable {
  /// Domains whose send waits, first come first served; 0 is none.
  public var sendHead: UInt64
  public var sendTail: UInt64
  /// Domains that wait to receive.
  public var receiveHead: UInt64
  public var receiveTail: UInt64

  public static let sizeBits: UInt64 = 5
}

/// A word of event bits.
public struct Notification: Sendable {
  /// Badges signalled and not yet received, ORed.
  public var pending: UInt64
  public var waitHead: UInt64
  public var waitTail: UInt64
  /// Domain that is also woken from its endpoint receive; 0 is none.
  public var boundDomain: UInt64

  public static let sizeBits: UInt64 = 5
}
