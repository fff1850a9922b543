/// Bytes on their way out: appended at the end, taken from the front as the channel accepts them.
package struct OutgoingBytes {
  private var bytes: [UInt8]
  private var start = 0

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package var isEmpty: Bool { start == bytes.count }
  package var count: Int { bytes.count - start }

  package mutating func append(_ more: some Sequence<UInt8>) {
    // Only what is still to be sent is kept, so a long pipeline does not remember all it ever sent.
    if start > 0, isEmpty {
      bytes.removeAll(keepingCapacity: true)
      start = 0
    }
    bytes.append(contentsOf: more)
  }

  mutating func removeFirst(_ count: Int) {
    start += count
  }

  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
  }
}
