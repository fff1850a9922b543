internal import GDBProtocol

extension GDBStub {
  /// Answers one packet, named by its first character.
  mutating func dispatch(_ packet: PacketCursor) -> Directive {
    var packet = packet
    guard let name = packet.next() else {
      replyUnsupported()
      return .none
    }
    switch name {
    case UInt8(ascii: "?"): return queryStop()
    case UInt8(ascii: "c"): return resume(.run, at: &packet)
    case UInt8(ascii: "s"): return resume(.step, at: &packet)
    case UInt8(ascii: "C"): return resumeWithSignal(.run, &packet)
    case UInt8(ascii: "S"): return resumeWithSignal(.step, &packet)
    case UInt8(ascii: "D"): return detach()
    case UInt8(ascii: "k"): return kill()
    case UInt8(ascii: "R"): return restart(&packet)
    case UInt8(ascii: "v"): return dispatchVerbose(&packet)
    case UInt8(ascii: "Q"): return set(&packet)
    default: answer(name, &packet)
    }
    return .none
  }

  /// The packets that leave the target as it is: running or stopped.
  private mutating func answer(_ name: UInt8, _ packet: inout PacketCursor) {
    switch name {
    case UInt8(ascii: "m"): readMemoryAsHex(&packet)
    case UInt8(ascii: "x"): readMemoryAsBinary(&packet)
    case UInt8(ascii: "q"): query(&packet)
    case UInt8(ascii: "H"): selectThread(&packet)
    case UInt8(ascii: "T"): queryThreadAlive(&packet)
    default: answerStopped(name, &packet)
    }
  }

  /// The packets that make sense for what is stopped only: the target, or in non-stop mode one thread. Memory and
  /// breakpoints are then the client's own affair, as all is at rest when a packet is answered.
  private mutating func answerStopped(_ name: UInt8, _ packet: inout PacketCursor) {
    switch name {
    case UInt8(ascii: "g"), UInt8(ascii: "G"), UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "M"),
      UInt8(ascii: "X"), UInt8(ascii: "z"), UInt8(ascii: "Z"):
      if mayAnswer(name) { answerWhileStopped(name, &packet) } else { reply(.running) }
    default:
      replyUnsupported()
    }
  }

  private mutating func mayAnswer(_ name: UInt8) -> Bool {
    if isStopped { return true }
    guard session.isNonStop else { return false }
    switch name {
    case UInt8(ascii: "g"), UInt8(ascii: "G"), UInt8(ascii: "p"), UInt8(ascii: "P"):
      return target.hold(of: registerThread) != nil || !target.isAlive(registerThread)
    default: return true
    }
  }

  private mutating func answerWhileStopped(_ name: UInt8, _ packet: inout PacketCursor) {
    switch name {
    case UInt8(ascii: "g"): readGeneralRegisters()
    case UInt8(ascii: "G"): writeGeneralRegisters(&packet)
    case UInt8(ascii: "p"): readRegister(&packet)
    case UInt8(ascii: "P"): writeRegister(&packet)
    case UInt8(ascii: "M"): writeMemoryFromHex(&packet)
    case UInt8(ascii: "X"): writeMemoryFromBinary(&packet)
    case UInt8(ascii: "Z"): insertBreakpoint(&packet)
    default: removeBreakpoint(&packet)
    }
  }

  private mutating func dispatchVerbose(_ packet: inout PacketCursor) -> Directive {
    let name = packet.name()
    if name.isExactly("Cont") { return resumeEach(&packet) }
    if name.isExactly("Kill") { return killWithReply() }
    if name.isExactly("Stopped") {
      takeStop()
    } else if name.isExactly("CtrlC") {
      interruptThread()
    } else if name.isExactly("Cont?") {
      reply("vCont;c;C;s;S;r;t")
    } else {
      // `vMustReplyEmpty` above all: gdb probes with it that unknown packets get the empty reply.
      replyUnsupported()
    }
    return .none
  }
}
