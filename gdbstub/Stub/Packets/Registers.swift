internal import GDBProtocol

extension GDBStub {
  /// The thread that the register packets are about.
  var registerThread: ThreadID { session.selectedThread ?? target.currentThread }

  /// `g`: the general registers.
  mutating func readGeneralRegisters() {
    let thread = registerThread
    guard target.isAlive(thread) else { return reply(.noThread) }
    writer.begin()
    for number in 0..<Architecture.generalRegisterCount { appendRegister(number, of: thread) }
    sendReply()
  }

  /// `p NUMBER`: one register.
  mutating func readRegister(_ packet: inout PacketCursor) {
    guard let number = registerNumber(&packet), packet.isAtEnd else { return reply(.malformed) }
    let thread = registerThread
    guard target.isAlive(thread) else { return reply(.noThread) }
    writer.begin()
    appendRegister(number, of: thread)
    sendReply()
  }

  /// A value nobody knows is written as `x` digits.
  private mutating func appendRegister(_ number: Int, of thread: ThreadID) {
    let size = Architecture.size(ofRegister: number)
    if let value = target.readRegister(number, of: thread) {
      writer.append(value, bytes: size)
    } else {
      for _ in 0..<size { writer.append("xx") }
    }
  }

  /// `G DIGITS`: all the general registers.
  mutating func writeGeneralRegisters(_ packet: inout PacketCursor) {
    let thread = registerThread
    guard target.isAlive(thread) else { return reply(.noThread) }
    // Either all of them are there, or nothing is written.
    var check = packet
    for number in 0..<Architecture.generalRegisterCount {
      guard check.registerValue(bytes: Architecture.size(ofRegister: number)) != nil else {
        return reply(.malformed)
      }
    }
    guard check.isAtEnd else { return reply(.malformed) }
    var failure: StubError?
    for number in 0..<Architecture.generalRegisterCount {
      guard let value = packet.registerValue(bytes: Architecture.size(ofRegister: number)),
        target.writeRegister(number, of: thread, to: value)
      else {
        failure = .refused
        continue
      }
    }
    reply(failure: failure)
  }

  /// `P NUMBER=DIGITS`: one register.
  mutating func writeRegister(_ packet: inout PacketCursor) {
    guard let number = registerNumber(&packet), packet.take(UInt8(ascii: "=")),
      let value = packet.registerValue(bytes: Architecture.size(ofRegister: number)), packet.isAtEnd
    else { return reply(.malformed) }
    let thread = registerThread
    guard target.isAlive(thread) else { return reply(.noThread) }
    reply(failure: target.writeRegister(number, of: thread, to: value) ? nil : .refused)
  }

  private func registerNumber(_ packet: inout PacketCursor) -> Int? {
    guard let number = packet.number(), number < UInt64(Architecture.registerCount) else { return nil }
    return Int(number)
  }
}

extension PacketWriter {
  /// The first `count` bytes of a register, at most 16.
  mutating func append(_ value: RegisterContents, bytes count: Int) {
    append(littleEndian: value.low, bytes: min(count, 8))
    append(littleEndian: value.high, bytes: max(count &- 8, 0))
  }
}

extension PacketCursor {
  /// Takes `count` bytes of a register, at most 16.
  fileprivate mutating func registerValue(bytes count: Int) -> RegisterContents? {
    var copy = self
    guard let low = copy.littleEndian(bytes: min(count, 8)),
      let high = copy.littleEndian(bytes: max(count &- 8, 0))
    else { return nil }
    self = copy
    return RegisterContents(low: low, high: high)
  }
}
