internal import GDBProtocol

/// Memory as the program has it: breakpoint instructions are hidden from whoever reads or writes it through the stub.
extension GDBStub {
  /// Reads memory, with the original instructions where breakpoints are.
  ///
  /// - Returns: how many bytes from the start could be read.
  mutating func readMemory(_ address: UInt64, into bytes: ByteBuffer) -> Int {
    let wanted = bytes.part(from: 0, limit: Self.addressable(bytes.count, from: address))
    let count = min(max(target.readMemory(address, into: wanted), 0), wanted.count)
    for index in 0..<breakpoints.count {
      let breakpoint = breakpoints[index]
      for part in 0..<Architecture.breakpointLength {
        let offset = breakpoint.address &+ UInt64(part) &- address
        guard offset < UInt64(count),
          bytes.byte(at: Int(offset)) == Self.byte(part, of: Architecture.breakpointInstruction)
        else { continue }
        bytes.store(Self.byte(part, of: breakpoint.original), at: Int(offset))
      }
    }
    return count
  }

  /// Writes memory; a byte under a breakpoint is what will stand there when the breakpoint has gone.
  ///
  /// - Returns: whether all could be written.
  mutating func writeMemory(_ address: UInt64, from bytes: ByteBuffer) -> Bool {
    guard Self.addressable(bytes.count, from: address) == bytes.count else { return false }
    var start = 0
    while start < bytes.count {
      if let byte = bytes.byte(at: start), replaceUnderBreakpoint(address &+ UInt64(start), with: byte) {
        start &+= 1
        continue
      }
      let limit = bytesBeforeBreakpoint(address &+ UInt64(start), limit: bytes.count &- start)
      let part = bytes.part(from: start, limit: limit)
      guard target.writeMemory(address &+ UInt64(start), from: part) == part.count else { return false }
      start &+= part.count
    }
    return true
  }

  /// Changes one byte of the instruction that a breakpoint covers. Returns false if `address` is under none.
  private mutating func replaceUnderBreakpoint(_ address: UInt64, with byte: UInt8) -> Bool {
    for index in 0..<breakpoints.count {
      let offset = address &- breakpoints[index].address
      guard offset < UInt64(Architecture.breakpointLength) else { continue }
      let shift = UInt32(8 &* offset)
      breakpoints[index].original &= ~(0xff &<< shift)
      breakpoints[index].original |= UInt32(byte) &<< shift
      return true
    }
    return false
  }

  /// How many of the `limit` bytes from `address` on come before the next breakpoint; `address` itself is under none.
  private func bytesBeforeBreakpoint(_ address: UInt64, limit: Int) -> Int {
    var nearest = UInt64(limit)
    for index in 0..<breakpoints.count {
      nearest = min(nearest, breakpoints[index].address &- address)
    }
    return Int(nearest)
  }

  /// How many of `count` bytes from `address` on come before the end of all addresses.
  private static func addressable(_ count: Int, from address: UInt64) -> Int {
    let last = UInt64.max &- address
    return UInt64(count) > last ? Int(last) &+ 1 : count
  }
}
