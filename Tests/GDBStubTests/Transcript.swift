import GDBProtocol
import Testing

extension Bench {
  /// Plays a session, one line a turn, and compares what the stub sends:
  ///
  ///     > qC            the client sends a packet
  ///     < QC1           the stub sends one; `<` alone is the empty packet
  ///     <% Stop:T05…    the stub sends a notification
  ///     >> ^C           the client sends bytes outside of any packet; ^C is Ctrl-C, \n a newline
  ///     << +            the stub sends bytes outside of any packet
  ///     ... Hello\n     the target prints
  ///     # anything      a comment
  ///
  /// An expectation that ends in `…` fixes only how the line starts. All that the stub sends must be
  /// expected, before the next turn.
  func play(_ transcript: String, sourceLocation: SourceLocation = #_sourceLocation) {
    var unread: [String] = []
    for line in transcript.split(separator: "\n").map({ String($0.drop { $0 == " " }) }) {
      let word = line.prefix { $0 != " " }
      if word == "#" { continue }
      if word.hasPrefix("<") {
        let came = unread.isEmpty ? nil : unread.removeFirst()
        let matches = line.hasSuffix("…") ? came?.hasPrefix(line.dropLast()) == true : came == line
        #expect(matches, "expected: \(line)\ncame: \(came ?? "nothing")", sourceLocation: sourceLocation)
      } else {
        #expect(unread == [], "before: \(line)", sourceLocation: sourceLocation)
        act(word, String(line.dropFirst(word.count + 1)))
        unread = describe(takeLine())
      }
    }
    #expect(unread == [], "at the end", sourceLocation: sourceLocation)
  }

  private func act(_ word: Substring, _ text: String) {
    let text = text.replacing("^C", with: "\u{3}").replacing("\\n", with: "\n")
    switch word {
    case ">": receive(frame(Array(text.utf8)))
    case ">>": receive(Array(text.utf8))
    case "...": print(text)
    default: Issue.record("not a line of a transcript: \(word) \(text)")
    }
  }
}

/// Lines of a transcript for what a stub sent.
func describe(_ bytes: [UInt8]) -> [String] {
  let memory = Memory(8192)
  var receiver = PacketReceiver(buffer: memory.buffer, expandsRuns: true, takesNotifications: true)
  var lines: [String] = []
  var text = ""
  func endText() {
    if !text.isEmpty { lines.append("<< " + text) }
    text = ""
  }
  for byte in bytes {
    switch receiver.receive(byte) {
    case .pending: break
    case .packet:
      endText()
      let payload = receiver.payload.text.replacing("\n", with: "\\n")
      lines.append(payload.isEmpty ? "<" : "< " + payload)
    case .acknowledgement: text += "+"
    case .refusal: text += "-"
    case .text(0x0a): text += "\\n"
    case .text(let byte): text.unicodeScalars.append(Unicode.Scalar(byte))
    case .notification:
      endText()
      lines.append("<% " + receiver.payload.text)
    case .interrupt, .damaged, .tooLong, .abandoned: lines.append("<< not a packet")
    }
  }
  endText()
  return lines
}

/// The digits of a register.
func hex(littleEndian value: UInt64, bytes: Int) -> String {
  let memory = Memory(32)
  var writer = PacketWriter(buffer: memory.buffer)
  writer.begin()
  writer.append(littleEndian: value, bytes: bytes)
  return String(writer.frame.text.dropFirst())
}
