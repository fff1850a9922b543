internal import TargetLink

/// Passes everything on, and keeps what memory was asked for.
final class RecordingTarget: Target {
  private let inner: any Target
  /// The ranges of each request for several at once.
  private(set) var waves: [[MemoryRange]] = []

  init(_ inner: any Target) { self.inner = inner }

  var wayIn: String { inner.wayIn }
  var capabilities: TargetCapabilities { inner.capabilities }
  var state: RunState { inner.state }
  var directMapOffset: UInt64 {
    get { inner.directMapOffset }
    set { inner.directMapOffset = newValue }
  }
  var onConsoleText: (([UInt8]) -> Void)? {
    get { inner.onConsoleText }
    set { inner.onConsoleText = newValue }
  }

  func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    waves.append(ranges)
    return try inner.readPhysical(ranges)
  }

  func readDescriptor() throws(TargetError) -> [UInt8]? { try inner.readDescriptor() }

  func readEpoch() throws(TargetError) -> UInt64? { try inner.readEpoch() }

  func detach(keepingStop: Bool) { inner.detach(keepingStop: keepingStop) }
}
