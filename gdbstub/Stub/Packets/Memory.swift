internal import GDBProtocol

extension GDBStub {
  /// `m ADDRESS,LENGTH`: memory in hexadecimal digits, perhaps less than was asked.
  mutating func readMemoryAsHex(_ packet: inout PacketCursor) {
    guard let (address, length) = packet.numberPair(), packet.isAtEnd else { return reply(.malformed) }
    writer.begin()
    guard let bytes = readForReply(address, length, limit: writer.room / 2) else { return reply(.fault) }
    writer.append(hex: bytes)
    sendReply()
  }

  /// `x ADDRESS,LENGTH`: `b` and memory in binary, perhaps less than was asked.
  mutating func readMemoryAsBinary(_ packet: inout PacketCursor) {
    guard let (address, length) = packet.numberPair(), packet.isAtEnd else { return reply(.malformed) }
    writer.begin()
    writer.append("b")
    guard let bytes = readForReply(address, length, limit: writer.room) else { return reply(.fault) }
    append(binary: bytes)
    sendReply()
  }

  /// Appends as many bytes as surely fit.
  mutating func append(binary bytes: ByteBuffer) {
    var offset = 0
    // Most memory that is asked for is zeros, which go by the run. A byte may need two.
    while let byte = bytes.byte(at: offset), writer.room >= 2 {
      // Of the rest, most bytes are followed by another one.
      let isRun = bytes.byte(at: offset &+ 1) == byte
      let run = isRun ? bytes.runLength(at: offset, limit: writer.room / 2) : 1
      if isRun { writer.append(binary: byte, count: run) } else { writer.append(binary: byte) }
      offset &+= run
    }
  }

  /// Reads memory over the request, which has been read. Nil if there is some to read and not even its first
  /// byte can be.
  private mutating func readForReply(_ address: UInt64, _ length: UInt64, limit: Int) -> ByteBuffer? {
    let wanted = requests.part(from: 0, limit: min(Int(clamping: length), limit))
    let bytes = readMemory(address, into: wanted)
    return bytes.count == 0 && length > 0 ? nil : bytes
  }

  /// `M ADDRESS,LENGTH:DIGITS`
  mutating func writeMemoryFromHex(_ packet: inout PacketCursor) {
    guard let (address, length) = packet.numberPair(), packet.take(UInt8(ascii: ":")),
      let bytes = decodeHex(&packet), bytes.count == length
    else { return reply(.malformed) }
    reply(failure: writeMemory(address, from: bytes) ? nil : .fault)
  }

  /// `X ADDRESS,LENGTH:BINARY`. gdb probes with a length of 0 whether it works.
  mutating func writeMemoryFromBinary(_ packet: inout PacketCursor) {
    guard let (address, length) = packet.numberPair(), packet.take(UInt8(ascii: ":")),
      packet.rest.count == length
    else { return reply(.malformed) }
    reply(failure: writeMemory(address, from: packet.rest) ? nil : .fault)
  }

  /// Decodes all the rest of a packet, over its start; nil if it is not made of pairs of digits.
  mutating func decodeHex(_ packet: inout PacketCursor) -> ByteBuffer? {
    var count = 0
    while !packet.isAtEnd {
      // Two digits make one byte, so what is written has been read before.
      guard let byte = packet.hexByte() else { return nil }
      requests.store(byte, at: count)
      count &+= 1
    }
    return requests.part(from: 0, limit: count)
  }

  /// `qCRC:ADDRESS,LENGTH`: `C` and the checksum of memory, for gdb's `compare-sections`.
  mutating func queryChecksum(_ packet: inout PacketCursor) {
    guard packet.take(UInt8(ascii: ":")), let (start, length) = packet.numberPair(), packet.isAtEnd,
      length <= Self.longestChecksum
    else { return reply(.malformed) }
    var checksum = MemoryChecksum()
    var done: UInt64 = 0
    while done < length {
      let part = requests.part(from: 0, limit: Int(clamping: length &- done))
      guard part.count > 0, readMemory(start &+ done, into: part).count == part.count else {
        return reply(.fault)
      }
      checksum.add(part)
      done &+= UInt64(truncatingIfNeeded: part.count)
    }
    writer.begin()
    writer.append("C")
    writer.append(number: UInt64(checksum.value))
    sendReply()
  }

  /// In bytes; the target stands still for that long. No section of a kernel is larger.
  private static var longestChecksum: UInt64 { 64 << 20 }
}

/// The CRC of `qCRC`: polynomial 0x04c11db7, most significant bit first, nothing inverted at the end ("qCRC
/// packet" in the GDB manual).
struct MemoryChecksum {
  private(set) var value: UInt32 = 0xffff_ffff

  mutating func add(_ bytes: ByteBuffer) {
    bytes.forEach { byte in
      value ^= UInt32(byte) &<< 24
      for _ in 0..<8 { value = value >> 31 == 0 ? value &<< 1 : value &<< 1 ^ 0x04c1_1db7 }
    }
  }
}
