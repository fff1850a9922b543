/// A range of addresses that a debugger may ask for.
public struct MemoryMapRegion: Sendable {
  public let start: UInt64
  /// In bytes.
  public let length: UInt64

  public init(start: UInt64, length: UInt64) {
    self.start = start
    self.length = length
  }
}
