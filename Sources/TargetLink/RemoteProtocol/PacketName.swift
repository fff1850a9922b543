internal import GDBProtocol

/// What packets are called in a ``PacketLog``: as in the GDB manual's appendix on its remote protocol.
enum PacketName {
  /// The name of a request.
  static func ofRequest(_ payload: [UInt8]) -> String {
    guard let first = payload.first else { return "empty packet" }
    guard let named = namedLonger(payload) else { return letters[first] ?? "unknown request" }
    return named
  }

  /// What kind of answer something is. Which request it answers is told by the order: one after the other.
  static func ofReply(_ payload: [UInt8]) -> String {
    if payload.isEmpty { return "not supported" }
    if payload == Array("OK".utf8) { return "done" }
    if isError(payload) { return "error" }
    if StopEvent(stopReply: payload) != nil { return "stop" }
    if payload.first == UInt8(ascii: "O"), bytes(hexadecimal: payload.dropFirst()) != nil {
      return "console text"
    }
    return "answer"
  }

  /// The name of a byte outside of packets.
  static func ofBareByte(_ byte: UInt8) -> String {
    switch byte {
    case Framing.acknowledge: "acknowledgement"
    case Framing.refuse: "refusal"
    case Framing.interrupt: "Ctrl-C"
    default: "byte"
    }
  }

  /// `Enn` or `E.message`. (Memory that is read may begin so, but then it is longer.)
  private static func isError(_ payload: [UInt8]) -> Bool {
    guard payload.first == UInt8(ascii: "E") else { return false }
    return payload.count == 3 || payload.dropFirst().first == UInt8(ascii: ".")
  }

  private static func namedLonger(_ payload: [UInt8]) -> String? {
    guard let first = payload.first, "qQv".utf8.contains(first) else { return nil }
    // Up to what follows the name, as far as it is one.
    let name = payload.prefix { byte in
      byte != UInt8(ascii: ":") && byte != UInt8(ascii: ",") && byte != UInt8(ascii: ";")
        && (0x21..<0x7f).contains(byte)
    }
    let text = String(decoding: name.prefix(24), as: UTF8.self)
    return longer[text] ?? text
  }

  private static let letters: [UInt8: String] = [
    UInt8(ascii: "?"): "why stopped", UInt8(ascii: "c"): "continue", UInt8(ascii: "C"): "continue",
    UInt8(ascii: "D"): "detach", UInt8(ascii: "g"): "read registers", UInt8(ascii: "G"): "write registers",
    UInt8(ascii: "H"): "choose thread", UInt8(ascii: "k"): "kill", UInt8(ascii: "m"): "read memory",
    UInt8(ascii: "M"): "write memory", UInt8(ascii: "p"): "read register",
    UInt8(ascii: "P"): "write register", UInt8(ascii: "s"): "step", UInt8(ascii: "S"): "step",
    UInt8(ascii: "T"): "is thread alive", UInt8(ascii: "x"): "read memory (binary)",
    UInt8(ascii: "X"): "write memory (binary)", UInt8(ascii: "z"): "remove breakpoint",
    UInt8(ascii: "Z"): "insert breakpoint",
  ]

  private static let longer = [
    "qSupported": "features", "qC": "current thread", "qfThreadInfo": "first threads",
    "qsThreadInfo": "more threads", "qThreadExtraInfo": "describe thread", "qXfer": "read document",
    "qRcmd": "monitor command", "qCRC": "checksum", "QStartNoAckMode": "no acknowledgements",
    "QNonStop": "non-stop mode", "vCont": "resume", "vCont?": "ways to resume", "vKill": "kill",
    "vStopped": "next stop", "vCtrlC": "interrupt", "qvesper.Descriptor": "kernel descriptor",
    "qvesper.Epoch": "epoch", "qvesper.Memory": "read memory (sparse)",
    "qvesper.Objects": "read kernel objects",
    "qqemu.PhyMemMode": "is memory physical", "Qqemu.PhyMemMode": "physical memory",
  ]
}
