internal import GDBProtocol

extension GDBStub {
  typealias Architecture = Target.Architecture

  /// Sets a breakpoint. One that is set already stays.
  mutating func setBreakpoint(at address: UInt64) -> StubError? {
    guard address % UInt64(Architecture.breakpointLength) == 0 else { return .malformed }
    if hasBreakpoint(at: address) { return nil }
    if breakpoints.isFull { return .tableFull }
    guard target.allowsBreakpoint(at: address) else { return .refused }
    guard let original = readInstruction(at: address) else { return .fault }
    // Known before it is there: this stub's own path may be the first to meet it.
    breakpoints.append(BreakpointTable.Entry(address: address, original: original))
    guard writeInstruction(Architecture.breakpointInstruction, at: address),
      // Memory that cannot be written may not say so.
      readInstruction(at: address) == Architecture.breakpointInstruction
    else {
      _ = writeInstruction(original, at: address)
      breakpoints.remove(at: breakpoints.count &- 1)
      return .fault
    }
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

  /// Takes a breakpoint out of memory that code met which must not stop: what serves this stub. For the client it
  /// stays set, and is there again when the client sets it anew, as gdb does before it lets the target go on.
  ///
  /// It may be called while a method of the stub is executing.
  ///
  /// - Returns: whether the program's instruction is at `address` now.
  public mutating func putAside(breakpointAt address: UInt64) -> Bool {
    guard let index = breakpoints.index(of: address) else { return false }
    return restore(breakpoints[index], using: spareInstruction)
  }

  private mutating func restore(_ breakpoint: BreakpointTable.Entry) -> Bool {
    restore(breakpoint, using: instruction)
  }

  /// Puts the instruction back, unless the program has written something else there in the meantime.
  private mutating func restore(_ breakpoint: BreakpointTable.Entry, using memory: ByteBuffer) -> Bool {
    guard let now = readInstruction(at: breakpoint.address, into: memory) else { return false }
    guard now == Architecture.breakpointInstruction else { return true }
    return writeInstruction(breakpoint.original, at: breakpoint.address, from: memory)
  }

  private mutating func readInstruction(at address: UInt64) -> UInt32? {
    readInstruction(at: address, into: instruction)
  }

  private mutating func readInstruction(at address: UInt64, into memory: ByteBuffer) -> UInt32? {
    let bytes = memory.part(from: 0, limit: Architecture.breakpointLength)
    guard target.readMemory(address, into: bytes) == bytes.count else { return nil }
    return UInt32(truncatingIfNeeded: bytes.load(at: 0, bytes: bytes.count))
  }

  private mutating func writeInstruction(_ value: UInt32, at address: UInt64) -> Bool {
    writeInstruction(value, at: address, from: instruction)
  }

  private mutating func writeInstruction(_ value: UInt32, at address: UInt64, from memory: ByteBuffer) -> Bool
  {
    let bytes = memory.part(from: 0, limit: Architecture.breakpointLength)
    bytes.store(UInt64(value), at: 0, bytes: bytes.count)
    return target.writeMemory(address, from: bytes) == bytes.count
  }

  static func byte(_ offset: Int, of instruction: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: instruction &>> UInt32(8 &* offset))
  }
}
