internal import GDBProtocol

/// Memory as the program has it: breakpoint instructions are hidden from whoever reads or writes it through
/// the stub.
extension GDBStub {
  /// Reads memory, with the original instructions where breakpoints are.
  ///
  /// - Returns: the bytes from the start that could be read.
  mutating func readMemory(_ address: UInt64, into bytes: ByteBuffer) -> ByteBuffer {
    let wanted = Self.addressable(bytes, from: address)
    let read = wanted.part(from: 0, limit: target.readMemory(address, into: wanted))
    breakpoints.forEach { Self.hide($0, in: read, from: address) }
    return read
  }

  private static func hide(_ breakpoint: BreakpointTable.Entry, in bytes: ByteBuffer, from address: UInt64) {
    var part = 0
    while part < Architecture.breakpointLength {
      // Far outside of `bytes` if the breakpoint is elsewhere, also if it is before them.
      let offset = Int(truncatingIfNeeded: breakpoint.address &- address) &+ part
      if bytes.byte(at: offset) == byte(part, of: Architecture.breakpointInstruction) {
        bytes.store(byte(part, of: breakpoint.original), at: offset)
      }
      part &+= 1
    }
  }

  /// Writes memory; a byte under a breakpoint is what will stand there when the breakpoint has gone.
  ///
  /// - Returns: whether all could be written.
  mutating func writeMemory(_ address: UInt64, from bytes: ByteBuffer) -> Bool {
    guard Self.addressable(bytes, from: address).count == bytes.count else { return false }
    var start = 0
    while let byte = bytes.byte(at: start) {
      let place = address &+ UInt64(truncatingIfNeeded: start)
      if let index = breakpointIndex(covering: place) {
        replaceByte(at: place, under: index, with: byte)
        start &+= 1
      } else {
        let part = bytes.part(from: start, limit: bytesBeforeBreakpoint(place))
        guard target.writeMemory(place, from: part) == part.count else { return false }
        start &+= part.count
      }
    }
    return true
  }

  private func breakpointIndex(covering address: UInt64) -> Int? {
    breakpoints.firstIndex { address &- $0.address < Architecture.breakpointLength }
  }

  private func replaceByte(at address: UInt64, under index: Int, with byte: UInt8) {
    var breakpoint = breakpoints[index]
    let shift = UInt32(truncatingIfNeeded: 8 &* (address &- breakpoint.address))
    breakpoint.original &= ~(0xff &<< shift)
    breakpoint.original |= UInt32(byte) &<< shift
    breakpoints[index] = breakpoint
  }

  /// How many bytes from `address` on come before the next breakpoint; `address` itself is under none.
  private func bytesBeforeBreakpoint(_ address: UInt64) -> Int {
    var nearest = UInt64.max
    breakpoints.forEach { nearest = min(nearest, $0.address &- address) }
    return Int(clamping: nearest)
  }

  /// The part of `bytes`, which stand for memory from `address` on, that comes before the end of all
  /// addresses.
  private static func addressable(_ bytes: ByteBuffer, from address: UInt64) -> ByteBuffer {
    let following = Int(clamping: UInt64.max &- address)
    return bytes.part(from: 0, limit: following < bytes.count ? following &+ 1 : bytes.count)
  }
}
