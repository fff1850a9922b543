internal import GDBProtocol

// Kernels keep large tables that are nearly empty, and each byte takes its time on a line, zeros too.
extension GDBStub {
  /// `qvesper.Memory:ADDRESS,LENGTH;GAP,LENGTH;…`: `b` and parts `ZEROS,COUNT:BYTES`, which mean so many zeros and then
  /// so many bytes in binary; perhaps less memory than was asked for. A gap is what lies between two ranges.
  mutating func readSparseMemory(_ packet: inout PacketCursor) {
    session.isListening = true
    guard packet.take(UInt8(ascii: ":")) else { return reply(.malformed) }
    var ranges = packet
    guard Self.passRanges(&packet) else { return reply(.malformed) }
    // The request is still read while its answer is written, so memory goes behind it.
    let memory = requests.part(from: packet.position, limit: Self.sparseUnit)
    guard memory.count >= SparseParts.shortest else { return reply(.tooLong) }
    writer.begin()
    writer.append("b")
    var parts = SparseParts()
    var end: UInt64 = 0
    var isComplete = true
    while isComplete, let (gap, length) = ranges.numberPair() {
      isComplete = append(end &+ gap, length, through: memory, to: &parts)
      end = end &+ gap &+ length
      _ = ranges.take(UInt8(ascii: ";"))
    }
    guard parts.memory > 0 || isComplete else { return reply(.fault) }
    if parts.zeros > 0 { beginPart(&parts, count: 0) }
    sendReply()
  }

  /// Whether all the rest is ranges, which are passed.
  private static func passRanges(_ packet: inout PacketCursor) -> Bool {
    repeat {
      guard packet.numberPair() != nil else { return false }
    } while packet.take(UInt8(ascii: ";"))
    return packet.isAtEnd
  }

  /// In bytes, of one answer; the target stands still for that long.
  private static var longestSparseRead: Int { 256 << 10 }
  /// A divisor of the page's size, in bytes.
  private static var sparseUnit: Int { 2048 }

  /// Appends a range as far as it can be read and there is room for it.
  ///
  /// - Returns: whether that was all of it.
  private mutating func append(
    _ start: UInt64, _ length: UInt64, through memory: ByteBuffer, to parts: inout SparseParts
  ) -> Bool {
    let wanted = min(Int(clamping: length), Self.longestSparseRead &- parts.memory)
    var done = 0
    while done < wanted {
      let address = start &+ UInt64(truncatingIfNeeded: done)
      // Addresses end where 64 bits do.
      guard address >= start else { break }
      // Of one page, which is translated once.
      let limit = min(
        wanted &- done, Self.sparseUnit &- Int(truncatingIfNeeded: address) & (Self.sparseUnit &- 1))
      let unit = memory.part(from: 0, limit: limit)
      let taken = append(readMemory(address, into: unit), to: &parts)
      done &+= taken
      guard taken > 0, taken == unit.count else { break }
    }
    parts.memory &+= done
    return UInt64(truncatingIfNeeded: done) == length
  }

  /// Appends memory as far as there is room for it.
  ///
  /// - Returns: how many bytes that was.
  private mutating func append(_ bytes: ByteBuffer, to parts: inout SparseParts) -> Int {
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
  private mutating func beginPart(_ parts: inout SparseParts, count: Int) {
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

/// How far a reply of zeros and other bytes has come.
private struct SparseParts {
  /// Bytes that it covers.
  var memory = 0
  /// Those that have come after the last byte that is none.
  var zeros = 0
  /// For how many more bytes, when runs are expanded: a client's memory has its bounds, too.
  var room = 32 << 10

  /// `40000,800:`
  static var longestStart: Int { 10 }
  /// Fewer bytes are not worth a part, if there are more to come.
  static var shortest: Int { 64 }
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
