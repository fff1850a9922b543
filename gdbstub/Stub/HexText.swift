public import GDBProtocol

/// Text that a target writes into a reply, where it travels as hexadecimal digits. What does not fit is left
/// out.
public struct HexText {
  var writer: PacketWriter
  private(set) var isEmpty = true

  init(_ writer: PacketWriter) {
    self.writer = writer
  }

  /// Appends a byte of UTF-8.
  public mutating func append(_ byte: UInt8) {
    guard writer.room >= 2 else { return }
    isEmpty = false
    writer.append(hex: byte)
  }

  /// Appends a literal.
  public mutating func append(_ text: StaticString) {
    text.forEachByte { append($0) }
  }

  /// Appends all of `bytes`.
  public mutating func append(_ bytes: ByteBuffer) {
    bytes.forEach { append($0) }
  }

  /// Appends a number in hexadecimal digits, without a prefix.
  public mutating func append(hexadecimal number: UInt64) {
    var shift: UInt64 = 64
    while shift > 4, number &>> (shift &- 4) == 0 { shift &-= 4 }
    while shift > 0 {
      shift &-= 4
      append(Hexadecimal.digit(UInt8(truncatingIfNeeded: number &>> shift)))
    }
  }
}
