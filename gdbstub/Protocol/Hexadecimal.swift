/// Hexadecimal digits as the protocol writes them: lower case, two a byte; read in either case.
public enum Hexadecimal {
  /// The value of an ASCII digit, or nil if it is none.
  public static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit &- 0x30
    case 0x61...0x66: digit &- 0x61 &+ 10
    case 0x41...0x46: digit &- 0x41 &+ 10
    default: nil
    }
  }

  /// The ASCII digit of the low four bits of `value`.
  public static func digit(_ value: UInt8) -> UInt8 {
    let nibble = value & 0xf
    return nibble < 10 ? 0x30 &+ nibble : 0x61 &- 10 &+ nibble
  }
}
