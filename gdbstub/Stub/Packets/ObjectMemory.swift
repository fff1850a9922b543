internal import GDBProtocol

// A debugger that follows pointers asks, waits, and asks again, while the kernel goes on and the line stands still. The
// kernel knows where its objects are.
extension GDBStub {
  /// `qvesper.Objects:LIMIT`: the memory of the kernel's objects, all as it is at one moment, in as many packets as it
  /// takes: `m` and parts, and after the last `l`.
  ///
  /// Parts are those of `qvesper.Memory`; `>COUNT,` or `<COUNT,` before one passes so many addresses, up or down, and
  /// the first begins at 0. It ends early when LIMIT bytes have been sent, or much more memory was read, for the target
  /// stands still meanwhile.
  mutating func readObjects(_ packet: inout PacketCursor) {
    session.isListening = true
    guard packet.take(UInt8(ascii: ":")), let limit = packet.number(), packet.isAtEnd else {
      return reply(.malformed)
    }
    guard var objects = target.objects() else { return replyUnsupported() }
    // Of several packets only the last could be sent again.
    guard !session.acknowledges else { return reply(.acknowledged) }
    var gathering = Gathering(
      memory: requests.part(from: 0, limit: Self.sparseUnit), lineLeft: Int(clamping: limit))
    beginPacket(&gathering)
    while let object = objects.next(), append(object, to: &gathering) {}
    if gathering.parts.zeros > 0 { beginPart(&gathering.parts, count: 0) }
    if !gathering.isPacketEmpty { sendReply() }
    reply("l")
  }

  /// Appends a region, as far as it can be read.
  ///
  /// - Returns: whether there may be more.
  private mutating func append(_ region: MemoryMapRegion, to gathering: inout Gathering) -> Bool {
    var done: UInt64 = 0
    while done < region.length {
      guard gathering.memoryLeft > 0 else { return false }
      let address = region.start &+ done
      // Of one page, which is translated once.
      let inUnit = Self.sparseUnit &- Int(truncatingIfNeeded: address) & (Self.sparseUnit &- 1)
      let unit = gathering.memory.part(from: 0, limit: min(Int(clamping: region.length &- done), inUnit))
      let read = readMemory(address, into: unit)
      guard read.count > 0 else { return true }
      guard pass(to: address, &gathering) else { return false }
      let taken = append(read, to: &gathering.parts)
      done &+= UInt64(truncatingIfNeeded: taken)
      gathering.end = address &+ UInt64(truncatingIfNeeded: taken)
      gathering.memoryLeft &-= taken
      if taken < read.count {
        guard sendPacket(&gathering) else { return false }
      } else if read.count < unit.count {
        return true
      }
    }
    return true
  }

  /// Says that the next part is at `address`.
  private mutating func pass(to address: UInt64, _ gathering: inout Gathering) -> Bool {
    guard address != gathering.end else { return true }
    if gathering.parts.zeros > 0 { beginPart(&gathering.parts, count: 0) }
    if min(writer.room, gathering.parts.room) < 2 &* Gathering.longestPass, !sendPacket(&gathering) {
      return false
    }
    let isUp = address > gathering.end
    writer.append(UInt8(ascii: isUp ? ">" : "<"))
    writer.append(number: isUp ? address &- gathering.end : gathering.end &- address)
    writer.append(UInt8(ascii: ","))
    gathering.parts.room &-= Gathering.longestPass
    gathering.end = address
    return true
  }

  private mutating func beginPacket(_ gathering: inout Gathering) {
    writer.begin()
    writer.append("m")
    gathering.parts.room = SparseParts.roomOfPacket
  }

  /// Sends what there is.
  ///
  /// - Returns: whether there may be more.
  private mutating func sendPacket(_ gathering: inout Gathering) -> Bool {
    guard !gathering.isPacketEmpty, let frame = writer.end() else { return false }
    sendFrame(frame)
    gathering.lineLeft &-= frame.count
    beginPacket(&gathering)
    return gathering.lineLeft > 0
  }
}

/// How far the memory of objects has been told.
private struct Gathering {
  /// To read into.
  let memory: ByteBuffer
  /// Bytes that may still be sent.
  var lineLeft: Int
  /// Bytes that may still be read.
  var memoryLeft = 1 << 20
  /// The address behind the last part.
  var end: UInt64 = 0
  var parts = SparseParts()

  var isPacketEmpty: Bool { parts.room == SparseParts.roomOfPacket }

  /// `>ffff000040000000,`
  static var longestPass: Int { 18 }
}
