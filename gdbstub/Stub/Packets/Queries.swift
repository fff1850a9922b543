internal import GDBProtocol

extension GDBStub {
  /// `q NAME…`. A name is compared as a whole, as one may be the start of another.
  mutating func query(_ packet: inout PacketCursor) {
    let name = packet.name()
    if name.isExactly("Supported") {
      negotiate(&packet)
    } else if name.isExactly("C") {
      queryCurrentThread()
    } else if name.isExactly("fThreadInfo") {
      queryThreads(first: true)
    } else if name.isExactly("sThreadInfo") {
      queryThreads(first: false)
    } else if name.isExactly("ThreadExtraInfo") {
      queryThreadDescription(&packet)
    } else if name.isExactly("Attached") {
      // The target was there before the client: at its end gdb detaches and does not kill.
      reply("1")
    } else if name.isExactly("Symbol") {
      // gdb offers to look symbols up; none are needed.
      reply("OK")
    } else if name.isExactly("CRC") {
      queryChecksum(&packet)
    } else if name.isExactly("Rcmd") {
      queryMonitor(&packet)
    } else if name.isExactly("Xfer") {
      transfer(&packet)
    } else if name.isExactly("vesper.Descriptor") {
      queryDescriptor(&packet)
    } else if name.isExactly("vesper.Epoch") {
      queryEpoch()
    } else if name.isExactly("vesper.Memory") {
      readSparseMemory(&packet)
    } else if name.isExactly("vesper.Objects") {
      readObjects(&packet)
    } else {
      replyUnsupported()
    }
  }

  /// `Q NAME…`
  mutating func set(_ packet: inout PacketCursor) -> Directive {
    let name = packet.name()
    if name.isExactly("NonStop") { return setNonStop(&packet) }
    if name.isExactly("StartNoAckMode"), packet.isAtEnd {
      reply("OK")
      session.acknowledges = false
    } else {
      replyUnsupported()
    }
    return .none
  }

  /// `qSupported:FEATURE;…`
  private mutating func negotiate(_ packet: inout PacketCursor) {
    session.hasNegotiated = true
    if packet.take(UInt8(ascii: ":")) {
      while !packet.isAtEnd {
        let feature = packet.field(until: UInt8(ascii: ";"))
        if feature.isExactly("swbreak+") { session.knowsSoftwareBreakpoints = true }
        if feature.isExactly("hwbreak+") { session.knowsHardwareBreakpoints = true }
        if feature.isExactly("error-message+") { session.knowsErrorMessages = true }
      }
    }
    writer.begin()
    writer.append("PacketSize=")
    writer.append(number: UInt64(requests.count))
    writer.append(";QStartNoAckMode+;vContSupported+;qXfer:features:read+;swbreak+;hwbreak+")
    writer.append(";binary-upload+;error-message+")
    writer.append(";qXfer:threads:read+")
    if Target.holdsThreads { writer.append(";QNonStop+") }
    if target.memoryMapRegion(at: 0) != nil { writer.append(";qXfer:memory-map:read+") }
    if Target.table(at: 0) != nil { writer.append(";qXfer:osdata:read+") }
    if target.descriptor != nil { writer.append(";qvesper.Descriptor+") }
    if target.epoch != nil { writer.append(";qvesper.Epoch+") }
    writer.append(";qvesper.Memory+")
    if target.objects() != nil { writer.append(";qvesper.Objects+") }
    sendReply()
  }

  /// `qRcmd,DIGITS`: a command that the user typed after `monitor`.
  private mutating func queryMonitor(_ packet: inout PacketCursor) {
    guard packet.take(UInt8(ascii: ",")), let command = decodeHex(&packet) else { return reply(.malformed) }
    let isKnown = replyText(from: command.count) { $0.monitor(command, answer: &$1) }
    if !isKnown { replyUnsupported() }
  }
}
