/// Console output through the Debug capability. A domain without one (a production image) prints nothing.
///
/// The kernel takes 40 bytes at a time, so a line of at most 40 bytes, name and line feed included, comes out
/// whole; the parts of a longer one can be separated by other domains' output.
public struct Console: Sendable {
  private let debug: DebugCapability
  private let name: StaticString?

  /// `name` begins each line; nil lets lines be as they are.
  public init(debug: DebugCapability, name: StaticString?) {
    self.debug = debug
    self.name = name
  }

  /// Writes "NAME: TEXT", or the text alone, and a line feed.
  public func print(_ text: ConsoleText) {
    guard let name else { return write(text) }
    var line: ConsoleText = "\(name): "
    for index in 0..<text.count { line.append(text.bytes[index]) }
    write(line)
  }

  private func write(_ line: ConsoleText) {
    var rest = line
    rest.terminate()
    var start = 0
    while start < rest.count {
      let count = min(rest.count - start, DebugCapability.batchSize)
      guard (try? debug.write(rest.words(from: start), count: count)) != nil else { return }
      start += count
    }
  }
}

extension ConsoleText {
  /// Ends the line; a line that is full loses its last byte to the line feed.
  fileprivate mutating func terminate() {
    if count == Self.capacity { removeLast() }
    append(0x0a)
  }

  /// 40 bytes from `start` on, packed as the kernel wants them.
  fileprivate func words(from start: Int) -> InlineArray<5, UInt64> {
    var words = InlineArray<5, UInt64>(repeating: 0)
    for offset in 0..<min(count - start, DebugCapability.batchSize) {
      words[offset / 8] |= UInt64(bytes[start + offset]) &<< UInt64(8 * (offset % 8))
    }
    return words
  }
}
