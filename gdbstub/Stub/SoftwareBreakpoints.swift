internal import GDBProtocol

extension GDBStub {
  typealias Architecture = Target.Architecture

  /// Sets a breakpoint. One that is set already stays.
  mutating func setBreakpoint(at address: UInt64) -> StubError? {
    guard address % UInt64(Architecture.breakpointLength) == 0 else { return .malformed }
    if hasBreakpoint(at: address) { return nil }
    if breakpoints.isFull { return .tableFull }
    guard let original = readInstruction(at: address) else { return .fault }
    guard writeInstruction(Architecture.breakpointInstruction, at: address),
      // Memory that cannot be written may not say so.
      readInstruction(at: address) == Architecture.breakpointInstruction
    else {
      _ = writeInstruction(original, at: address)
      return .fault
    }
    breakpoints.append(BreakpointTable.Entry(address: address, original: original))
    return nil
  }

  /// Removes a breakpoint. Where there is none, nothing is to be done.
  mutating func clearBreakpoint(at address: UInt64) -> StubError? {
    guard let index = breakpoints.index(of: address) else { return nil }
    guard restore(breakpoints[index]) else { return .fault }
    breakpoints.remove(at: index)
    return nil
  }

  /// Removes all breakpoints of all kinds, even those whose memory has gone.
  mutating func liftBreakpoints() {
    while breakpoints.count > 0 {
      _ = restore(breakpoints[breakpoints.count &- 1])
      breakpoints.remove(at: breakpoints.count &- 1)
    }
    target.removeAllHardwareBreakpoints()
  }

  /// Puts the instruction back, unless the program has written something else there in the meantime.
  private mutating func restore(_ breakpoint: BreakpointTable.Entry) -> Bool {
    guard let now = readInstruction(at: breakpoint.address) else { return false }
    guard now == Architecture.breakpointInstruction else { return true }
    return writeInstruction(breakpoint.original, at: breakpoint.address)
  }

  private mutating func readInstruction(at address: UInt64) -> UInt32? {
    let bytes = instruction.part(from: 0, limit: Architecture.breakpointLength)
    guard target.readMemory(address, into: bytes) == bytes.count else { return nil }
    return UInt32(truncatingIfNeeded: bytes.load(at: 0, bytes: bytes.count))
  }

  private mutating func writeInstruction(_ value: UInt32, at address: UInt64) -> Bool {
    let bytes = instruction.part(from: 0, limit: Architecture.breakpointLength)
    bytes.store(UInt64(value), at: 0, bytes: bytes.count)
    return target.writeMemory(address, from: bytes) == bytes.count
  }

  static func byte(_ offset: Int, of instruction: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: instruction &>> UInt32(8 &* offset))
  }
}
