/// How a driver answers, as message labels.
public enum DriverAnswer: UInt64, Sendable {
  case done = 0
  /// The label is no request, or the badge no client's.
  case unknownRequest = 1
  /// What came to be shared is no segment, or one too many.
  case cannotShare = 2
  /// Not all bytes are shared memory, with the right to do that with them.
  case notShared = 3
  /// Not whole sectors of memory and disk, or nothing at all.
  case outOfRange = 4
  /// The disk can only be read.
  case readOnly = 5
  /// The device says that it failed.
  case failed = 6
  /// The client's last request is not done yet.
  case busy = 7

  public var name: StaticString {
    switch self {
    case .done: "done"
    case .unknownRequest: "unknown-request"
    case .cannotShare: "cannot-share"
    case .notShared: "not-shared"
    case .outOfRange: "out-of-range"
    case .readOnly: "read-only"
    case .failed: "failed"
    case .busy: "busy"
    }
  }
}
