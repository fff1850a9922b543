extension StaticString {
  /// The text's length in bytes of UTF-8.
  package var byteCount: Int { hasPointerRepresentation ? utf8CodeUnitCount : 0 }

  /// The byte at `offset`, or nil outside of the text.
  package func byte(at offset: Int) -> UInt8? {
    guard hasPointerRepresentation, offset >= 0, offset < utf8CodeUnitCount else { return nil }
    // Safety: a literal lives for ever, and `offset` was checked against its length.
    return unsafe utf8Start[offset]
  }

  /// Calls `body` with each byte, from the first to the last.
  package func forEachByte(_ body: (UInt8) -> Void) {
    var offset = 0
    while let byte = byte(at: offset) {
      body(byte)
      offset &+= 1
    }
  }
}
