internal import GDBProtocol

extension GDBStub {
  /// Takes the next byte of the line and answers it.
  ///
  /// - Returns: what the owner must do now, before the next byte.
  public mutating func receive(_ byte: UInt8) -> Directive {
    if isEndOfTypedLine(byte) {
      receiver.reset()
      return .input(byte)
    }
    switch receiver.receive(byte) {
    case .pending, .abandoned, .notification: return .none
    case .packet: return receivePacket()
    case .damaged: refuse()
    case .tooLong: refuseLongPacket()
    case .acknowledgement, .refusal, .interrupt, .text: return receiveOutsidePacket(byte)
    }
    return .none
  }

  /// Whether a `$` that was typed on the console has swallowed the rest of its line, and no more: no client begins
  /// with a packet that has a line's end in it.
  private func isEndOfTypedLine(_ byte: UInt8) -> Bool {
    !session.isAttached && receiver.isInsideFrame && (byte == 0x0a || byte == 0x0d)
  }

  private mutating func receivePacket() -> Directive {
    let packet = PacketCursor(receiver.payload)
    if isFirstOfNewClient(packet) { abandonClient() }
    session.isAttached = true
    awaitsLastAcknowledgement = false
    if session.acknowledges { target.send(Framing.acknowledge) }
    flushConsole()
    return dispatch(packet)
  }

  /// Whether a packet that a client sends only once, at its start, has come again: the client before has
  /// vanished. (gdb begins with `qSupported`, lldb with `QStartNoAckMode`.)
  private func isFirstOfNewClient(_ packet: PacketCursor) -> Bool {
    var packet = packet
    if packet.isExactly("QStartNoAckMode") { return !session.acknowledges }
    return packet.name().isExactly("qSupported") && session.hasNegotiated
  }

  private mutating func abandonClient() {
    flushConsole()
    liftBreakpoints()
    steppingRange = nil
    session = Session()
  }

  private mutating func receiveOutsidePacket(_ byte: UInt8) -> Directive {
    guard session.isAttached else { return receiveDetached(byte) }
    if byte == Framing.refuse, session.acknowledges {
      sendFrame(writer.frame)
    } else if byte == Framing.interrupt, session.isNonStop {
      interruptOne()
    } else if byte == Framing.interrupt, !isStopped {
      session.awaitsStop = true
      return .stop
    }
    return .none
  }

  private mutating func receiveDetached(_ byte: UInt8) -> Directive {
    if awaitsLastAcknowledgement, byte == Framing.acknowledge {
      awaitsLastAcknowledgement = false
      return .none
    }
    return .input(byte)
  }

  /// Asks for a damaged packet again. With nobody attached it is console input, or noise.
  private mutating func refuse() {
    if session.isAttached, session.acknowledges { target.send(Framing.refuse) }
  }

  private mutating func refuseLongPacket() {
    guard session.isAttached else { return }
    if session.acknowledges { target.send(Framing.acknowledge) }
    reply(.tooLong)
  }
}
