internal import GDBProtocol

/// Console output on its way to a client, which is sent by the line.
struct ConsoleLine {
  /// In bytes. A longer line is sent in parts.
  static var longest: Int { 80 }

  private let buffer: ByteBuffer
  private(set) var count = 0

  init(buffer: ByteBuffer) {
    self.buffer = buffer
  }

  /// Appends a byte. Returns whether the line should be sent.
  mutating func append(_ byte: UInt8) -> Bool {
    if buffer.store(byte, at: count) { count &+= 1 }
    return byte == 0x0a || count >= buffer.count
  }

  mutating func take() -> ByteBuffer {
    let text = buffer.part(from: 0, limit: count)
    count = 0
    return text
  }
}

extension GDBStub {
  /// Prints one byte on the console, which shares the line: to a client that listens in `O` packets, a line
  /// at a time; else as it is.
  public mutating func console(_ byte: UInt8) {
    if session.isNonStop { return target.send(Self.harmless(byte)) }
    guard session.isAttached, session.isListening, !isStopped else { return target.send(byte) }
    if line.append(byte) { flushConsole() }
  }

  /// In non-stop mode a client may be waiting for an answer at any time, and would take an `O` packet for it. Text
  /// between packets is passed over, if it does not look like one.
  private static func harmless(_ byte: UInt8) -> UInt8 {
    byte == Framing.packetStart || byte == Framing.notificationStart ? UInt8(ascii: "?") : byte
  }

  /// Sends what there is of a line that has not ended yet. Worth calling before the system idles.
  public mutating func flushConsole() {
    guard line.count > 0 else { return }
    let text = line.take()
    writer.begin()
    writer.append("O")
    writer.append(hex: text)
    sendReply()
  }
}
