/// Text on the console.
enum Console {
  static func write(_ text: StaticString) {
    for index in 0..<text.utf8CodeUnitCount { unsafe putChar(text.utf8Start[index]) }
  }

  /// `0x` and at least one lower-case digit.
  static func write(hex number: UInt64) {
    write("0x")
    let digits = max(1, (64 &- number.leadingZeroBitCount &+ 3) / 4)
    for digit in 1...digits {
      let nibble = UInt8(truncatingIfNeeded: number &>> UInt64(4 &* (digits &- digit))) & 15
      putChar(nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ nibble &- 10)
    }
  }

  static func putChar(_ byte: UInt8) { DebugChannel.putChar(byte) }
}
