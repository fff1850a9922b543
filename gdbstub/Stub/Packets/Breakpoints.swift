internal import GDBProtocol

extension GDBStub {
  /// `Z TYPE,ADDRESS,KIND`
  mutating func insertBreakpoint(_ packet: inout PacketCursor) {
    guard let request = BreakpointRequest(&packet) else { return reply(.malformed) }
    switch request.type {
    case .software:
      guard request.kind == UInt64(Architecture.breakpointLength) else { return reply(.malformed) }
      reply(failure: setBreakpoint(at: request.address))
    case .hardware(let type):
      reply(target.insert(type, at: request.address, length: request.kind))
    case .unknown:
      replyUnsupported()
    }
  }

  /// `z TYPE,ADDRESS,KIND`
  mutating func removeBreakpoint(_ packet: inout PacketCursor) {
    guard let request = BreakpointRequest(&packet) else { return reply(.malformed) }
    switch request.type {
    case .software:
      reply(failure: clearBreakpoint(at: request.address))
    case .hardware(let type):
      reply(target.remove(type, at: request.address, length: request.kind))
    case .unknown:
      replyUnsupported()
    }
  }

  private mutating func reply(_ answer: HardwareBreakpointAnswer) {
    switch answer {
    case .done: reply("OK")
    case .full: reply(StubError.tableFull)
    case .unsuitable: reply(StubError.unsuitable)
    case .refused: reply(StubError.refused)
    case .unsupported: replyUnsupported()
    }
  }
}

private struct BreakpointRequest {
  enum BreakpointType {
    case software
    case hardware(HardwareBreakpoint)
    case unknown
  }

  let type: BreakpointType
  let address: UInt64
  /// The length of the instruction, or of the watched memory.
  let kind: UInt64

  /// Conditions and commands, which follow after a `;`, are only sent to stubs that announce them.
  init?(_ packet: inout PacketCursor) {
    guard let (number, address) = packet.numberPair(), packet.take(UInt8(ascii: ",")),
      let kind = packet.number(), packet.isAtEnd || packet.peek == UInt8(ascii: ";")
    else { return nil }
    type =
      if number == 0 {
        .software
      } else if let type = HardwareBreakpoint(rawValue: UInt8(clamping: number)) {
        .hardware(type)
      } else {
        .unknown
      }
    self.address = address
    self.kind = kind
  }
}
