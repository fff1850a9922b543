internal import GDBProtocol

extension GDBStub {
  /// Sends the packet that was built in `writer`.
  mutating func sendReply() {
    guard let frame = writer.end() else {
      // Nothing of it has been sent yet, and an error always fits.
      return reply(.tooLong)
    }
    sendFrame(frame)
  }

  mutating func sendFrame(_ frame: ByteBuffer) {
    frame.forEach { target.send($0) }
  }

  mutating func reply(_ text: StaticString) {
    writer.begin()
    writer.append(text)
    sendReply()
  }

  /// The empty reply: the packet is not known.
  mutating func replyUnsupported() {
    reply("")
  }

  mutating func reply(_ error: StubError) {
    writer.begin()
    if session.knowsErrorMessages {
      writer.append("E.")
      writer.append(error.message)
    } else {
      writer.append("E")
      writer.append(hex: error.rawValue)
    }
    guard let frame = writer.end() else { return }
    sendFrame(frame)
  }

  /// `OK`, or the error if there is one.
  mutating func reply(failure: StubError?) {
    if let failure { reply(failure) } else { reply("OK") }
  }

  /// The text that `body` writes, in hexadecimal digits; it is written over the request from `start` on. Returns
  /// what `body` returned; if false, nothing is sent.
  mutating func replyText(from start: Int = 0, _ body: (inout Target, inout ReplyText) -> Bool) -> Bool {
    writer.begin()
    var text = ReplyText(buffer: requests.part(from: start, limit: writer.room / 2))
    guard body(&target, &text) else { return false }
    if text.bytes.count == 0 {
      reply("OK")
    } else {
      writer.append(hex: text.bytes)
      sendReply()
    }
    return true
  }
}
