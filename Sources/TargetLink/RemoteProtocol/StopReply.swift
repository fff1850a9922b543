extension StopEvent {
  /// Reads a stop reply packet: `Snn`, `Tnn` with `name:value;` pairs, `Wnn` or `Xnn`; `nil` if it is none.
  ///
  /// Source: "Stop Reply Packets" in the GDB manual's appendix on its remote protocol.
  init?(stopReply payload: [UInt8]) {
    // Most replies are memory, and long.
    guard payload.count >= 3, "STWX".utf8.contains(payload[0]),
      let number = UInt8(String(decoding: payload[1..<3], as: UTF8.self), radix: 16)
    else { return nil }
    let rest = String(decoding: payload[3...], as: UTF8.self)
    switch payload[0] {
    case UInt8(ascii: "S") where rest.isEmpty: self.init(Self.reason(ofSignal: number))
    case UInt8(ascii: "T"): self.init(signal: number, pairs: rest)
    case UInt8(ascii: "W"): self.init(.exited(number))
    case UInt8(ascii: "X"): self.init(.signal(number))
    default: return nil
    }
  }

  private init(signal: UInt8, pairs: String) {
    self.init(Self.reason(ofSignal: signal))
    for pair in pairs.split(separator: ";") {
      guard let (name, value) = pair.splitOnce(at: ":") else { continue }
      switch name {
      case "thread": thread = value
      case "swbreak", "hwbreak": reason = .breakpoint
      case "watch", "rwatch", "awatch":
        if let address = UInt64(value, radix: 16) { reason = .watchpoint(address) }
      default: continue
      }
    }
  }

  /// GDB's own signal numbers, not the host's.
  private static func reason(ofSignal number: UInt8) -> Reason {
    switch number {
    case 2: .interrupt
    case 5: .trap
    default: .signal(number)
    }
  }
}
