public import GDBProtocol

/// Text that a target writes into a reply: the part of it that was asked for. What comes before is passed over,
/// and what does not fit is left out.
public struct ReplyText {
  private let buffer: ByteBuffer
  private var toPass: UInt64
  private var count = 0
  /// Whether text was left out at the end. What is written from now on is left out too.
  public private(set) var isFull = false
  /// Whether `<`, `>`, `&` and `"` are written as XML wants them.
  var escapesMarkup = false

  init(buffer: ByteBuffer, from start: UInt64 = 0) {
    self.buffer = buffer
    toPass = start
  }

  /// What was kept.
  var bytes: ByteBuffer { buffer.part(from: 0, limit: count) }

  /// Whether the text has reached the part that was asked for.
  var hasBegun: Bool { toPass == 0 }

  /// Appends a byte of UTF-8.
  public mutating func append(_ byte: UInt8) {
    guard escapesMarkup else { return put(byte) }
    switch byte {
    case UInt8(ascii: "<"): markup("&lt;")
    case UInt8(ascii: ">"): markup("&gt;")
    case UInt8(ascii: "&"): markup("&amp;")
    case UInt8(ascii: "\""): markup("&quot;")
    // XML has no way to write control characters, nor what is not UTF-8.
    case 0x20..<0x7f: put(byte)
    default: put(UInt8(ascii: "?"))
    }
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

  /// Appends a number in decimal digits.
  public mutating func append(decimal number: UInt64) {
    var unit: UInt64 = 1
    while number / unit >= 10 { unit &*= 10 }
    while unit > 0 {
      append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / unit % 10))
      unit /= 10
    }
  }

  /// Appends text as it is.
  mutating func markup(_ text: StaticString) {
    text.forEachByte { put($0) }
  }

  private mutating func put(_ byte: UInt8) {
    if toPass > 0 {
      toPass &-= 1
    } else if !isFull, buffer.store(byte, at: count) {
      count &+= 1
    } else {
      isFull = true
    }
  }
}
