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
  static var sparseUnit: Int { 2048 }

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
}
