internal import GDBProtocol

/// How far a reply of zeros and other bytes has come.
struct SparseParts {
  /// Bytes that it covers.
  var memory = 0
  /// Those that have come after the last byte that is none.
  var zeros = 0
  /// For how many more bytes, when runs are expanded: a client's memory has its bounds, too.
  var room = roomOfPacket

  static var roomOfPacket: Int { 32 << 10 }

  /// `40000,800:`
  static var longestStart: Int { 10 }
  /// Fewer bytes are not worth a part, if there are more to come.
  static var shortest: Int { 64 }
}

extension GDBStub {
  /// Appends memory as far as there is room for it.
  ///
  /// - Returns: how many bytes that was.
  mutating func append(_ bytes: ByteBuffer, to parts: inout SparseParts) -> Int {
    var start = 0
    while start < bytes.count {
      let zeros = bytes.zeroCount(from: start, limit: bytes.count)
      parts.zeros &+= zeros
      start &+= zeros
      let count = bytes.countBeforeHole(from: start)
      // A byte may need two. Behind them comes perhaps one more part, without any.
      let starts = 2 &* SparseParts.longestStart
      let fitting = min(count, min(parts.room &- starts, (writer.room &- starts) / 2))
      guard fitting >= min(count, SparseParts.shortest) else { break }
      guard fitting > 0 else { continue }
      beginPart(&parts, count: fitting)
      append(binary: bytes.part(from: start, limit: fitting))
      start &+= fitting
    }
    return start
  }

  /// `ZEROS,COUNT:`
  mutating func beginPart(_ parts: inout SparseParts, count: Int) {
    append(number: parts.zeros, before: UInt8(ascii: ","))
    append(number: count, before: UInt8(ascii: ":"))
    parts.zeros = 0
    parts.room &-= SparseParts.longestStart &+ count
  }

  // Once in the image.
  @inline(never)
  private mutating func append(number: Int, before separator: UInt8) {
    writer.append(number: UInt64(truncatingIfNeeded: number))
    writer.append(separator)
  }
}

extension ByteBuffer {
  /// Shorter ones are cheaper as runs of zeros among other bytes.
  private static var shortestHole: Int { 128 }

  fileprivate func zeroCount(from offset: Int, limit: Int) -> Int {
    byte(at: offset) == 0 ? runLength(at: offset, limit: limit) : 0
  }

  /// How many bytes from `offset` on come before zeros that are worth a part's start, or are the last ones.
  fileprivate func countBeforeHole(from offset: Int) -> Int {
    var end = offset
    while end < count {
      let next = min(end &+ Self.shortestHole, count)
      if zeroCount(from: end, limit: Self.shortestHole) == next &- end { break }
      end = next
    }
    while end > offset, byte(at: end &- 1) == 0 { end &-= 1 }
    return end &- offset
  }
}
