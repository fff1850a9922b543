internal import GDBProtocol

extension GDBStub {
  /// `qXfer:OBJECT:read:ANNEX:OFFSET,LENGTH`: a part of a document.
  mutating func transfer(_ packet: inout PacketCursor) {
    guard packet.take(UInt8(ascii: ":")) else { return replyUnsupported() }
    let object = packet.field(until: UInt8(ascii: ":"))
    guard packet.take("read:") else { return replyUnsupported() }
    let annex = packet.field(until: UInt8(ascii: ":"))
    if object.isExactly("features") {
      guard annex.isExactly("target.xml") else { return reply(.malformed) }
      let description = Architecture.description
      replyPart(&packet, of: description.byteCount) { description.byte(at: $0) }
    } else if object.isExactly("threads") {
      let listsAll = !session.isNonStop || isStopped
      replyDocument(&packet) { Self.writeThreads(of: $0, listsAll: listsAll, into: &$1) }
    } else if object.isExactly("memory-map"), target.memoryMapRegion(at: 0) != nil {
      replyDocument(&packet) { Self.writeMemoryMap(of: $0, into: &$1) }
    } else if object.isExactly("osdata"), Target.table(at: 0) != nil {
      replyTable(annex, &packet)
    } else {
      replyUnsupported()
    }
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

  /// Answers `OFFSET,LENGTH` with a part of a document that is written anew for each part, since there is no
  /// memory to keep it in. The parts fit together if the target is stopped meanwhile.
  mutating func replyDocument(_ packet: inout PacketCursor, _ write: (Target, inout ReplyText) -> Void) {
    guard let (offset, length) = packet.numberPair(), packet.isAtEnd else { return reply(.malformed) }
    // Over the request, which has been read.
    var text = ReplyText(buffer: requests.part(from: 0, limit: Int(clamping: length)), from: offset)
    write(target, &text)
    guard text.hasBegun else { return reply(.malformed) }
    let bytes = text.bytes
    // As there is more than these bytes, the last of them is not the document's last.
    replyBytes(0, bytes.count, of: text.isFull ? .max : bytes.count) { bytes.byte(at: $0) }
  }

  /// Answers `OFFSET,LENGTH` with a part of an object.
  private mutating func replyPart(_ packet: inout PacketCursor, of count: Int, byte: (Int) -> UInt8?) {
    guard let (offset, length) = packet.numberPair(), packet.isAtEnd, let start = Int(exactly: offset),
      start <= count
    else {
      return reply(.malformed)
    }
    replyBytes(start, min(Int(clamping: length), count &- start), of: count, byte)
  }

  /// Replies `m` and as many of the `wanted` bytes from `start` on as fit if there is more after them, `l` and
  /// the last ones otherwise.
  private mutating func replyBytes(
    _ start: Int, _ wanted: Int, of count: Int, _ byte: (Int) -> UInt8?
  ) {
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
