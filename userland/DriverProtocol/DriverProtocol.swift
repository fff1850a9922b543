// What drivers and their clients say to each other. A client is known by the badge of its endpoint, 1...8. It first
// shares segments: from then on a bare address within them, which means the same in both domains, names memory that
// the device may be told of. Nothing is copied, and the driver itself never sees what is there.

/// What every driver can be asked, as message labels.
public enum DriverRequest: UInt64, Sendable {
  /// Comes with a Segment capability: lets its memory be named in requests.
  case share = 1
}
