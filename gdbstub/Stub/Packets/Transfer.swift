internal import GDBProtocol

extension GDBStub {
  /// `qXfer:features:read:target.xml:OFFSET,LENGTH`
  mutating func transfer(_ packet: inout PacketCursor) {
    guard packet.take(":features:read:") else { return replyUnsupported() }
    let annex = packet.field(until: UInt8(ascii: ":"))
    guard annex.isExactly("target.xml") else { return reply(.malformed) }
    let description = Architecture.description
    replyPart(&packet, of: description.byteCount) { description.byte(at: $0) }
  }

  /// `qvesper.Descriptor:OFFSET,LENGTH`: the kernel's description of its own data, answered as `qXfer` is.
  mutating func queryDescriptor(_ packet: inout PacketCursor) {
    session.isListening = true
    guard let descriptor = target.descriptor else { return replyUnsupported() }
    guard packet.take(UInt8(ascii: ":")) else { return reply(.malformed) }
    replyPart(&packet, of: descriptor.count) { descriptor.byte(at: $0) }
  }

  /// `qvesper.Epoch`: the counter that is odd while the kernel changes its objects.
  mutating func queryEpoch() {
    session.isListening = true
    guard let epoch = target.epoch else { return replyUnsupported() }
    writer.begin()
    writer.append(number: epoch)
    sendReply()
  }

  /// Answers `OFFSET,LENGTH` with a part of an object: `m` and bytes if there is more after them, `l` and the
  /// last ones.
  private mutating func replyPart(
    _ packet: inout PacketCursor, of count: Int, byte: (Int) -> UInt8?
  ) {
    guard let (offset, length) = packet.numberPair(), packet.isAtEnd, let start = Int(exactly: offset),
      start <= count
    else {
      return reply(.malformed)
    }
    let wanted = min(Int(clamping: length), count &- start)
    // One character for `m` or `l`, and perhaps two for each byte.
    var taken = 0
    var size = 1
    writer.begin()
    while taken < wanted, size &+ 2 <= writer.room {
      size &+= Framing.mustEscape(byte(start &+ taken) ?? 0) ? 2 : 1
      taken &+= 1
    }
    writer.append(start &+ taken < count ? "m" : "l")
    var index = start
    while index < start &+ taken {
      writer.append(binary: byte(index) ?? 0)
      index &+= 1
    }
    sendReply()
  }
}
