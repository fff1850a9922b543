/// Reads a packet's payload from left to right.
///
/// Every method either takes what it names and moves past it, or returns nil or false and stays where it is.
public struct PacketCursor {
  private let bytes: ByteBuffer
  /// In bytes from the start of the payload.
  public private(set) var position = 0

  /// Starts at the payload's first byte.
  public init(_ payload: ByteBuffer) {
    bytes = payload
  }

  /// Whether everything has been read.
  public var isAtEnd: Bool { position >= bytes.count }

  /// What has not been read.
  public var rest: ByteBuffer { bytes.part(from: position) }

  /// The next byte, which is not taken.
  public var peek: UInt8? { bytes.byte(at: position) }

  /// Takes one byte of any value.
  public mutating func next() -> UInt8? {
    guard let byte = bytes.byte(at: position) else { return nil }
    position &+= 1
    return byte
  }

  /// Takes one given byte.
  public mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position &+= 1
    return true
  }

  /// Takes a given text.
  public mutating func take(_ text: StaticString) -> Bool {
    var copy = self
    while let byte = text.byte(at: copy.position &- position) {
      guard copy.take(byte) else { return false }
    }
    self = copy
    return true
  }

  /// Whether what has not been read is exactly this text.
  public func isExactly(_ text: StaticString) -> Bool {
    var copy = self
    return copy.take(text) && copy.isAtEnd
  }

  /// Takes a hexadecimal number of any number of digits that fits 64 bits.
  public mutating func number() -> UInt64? {
    var copy = self
    var value: UInt64 = 0
    while let digit = copy.peek.flatMap(Hexadecimal.value(of:)) {
      guard value &>> 60 == 0 else { return nil }
      value = value &<< 4 | UInt64(digit)
      copy.position &+= 1
    }
    guard copy.position > position else { return nil }
    self = copy
    return value
  }

  /// Takes two hexadecimal digits.
  public mutating func hexByte() -> UInt8? {
    guard let high = bytes.byte(at: position).flatMap(Hexadecimal.value(of:)),
      let low = bytes.byte(at: position &+ 1).flatMap(Hexadecimal.value(of:))
    else { return nil }
    position &+= 2
    return high << 4 | low
  }

  /// Takes the digits of `count` bytes, at most 8, least significant byte first.
  public mutating func littleEndian(bytes count: Int) -> UInt64? {
    var copy = self
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64, shift < 8 &* UInt64(clamping: count) {
      guard let byte = copy.hexByte() else { return nil }
      value |= UInt64(byte) &<< shift
      shift &+= 8
    }
    self = copy
    return value
  }

  /// Takes what comes before the next `separator`, and the separator too; all of the rest if there is none.
  public mutating func field(until separator: UInt8) -> PacketCursor {
    let start = position
    while let byte = peek, byte != separator { position &+= 1 }
    let field = PacketCursor(bytes.part(from: start, limit: position &- start))
    _ = take(separator)
    return field
  }

  /// Takes a packet's name, such as `qSupported`: what comes before the first `:`, `,` or `;`, which is not
  /// taken.
  public mutating func name() -> PacketCursor {
    let start = position
    while let byte = peek, byte != 0x3a, byte != 0x2c, byte != 0x3b { position &+= 1 }
    return PacketCursor(bytes.part(from: start, limit: position &- start))
  }

  /// Takes `ADDRESS,LENGTH` or any other two numbers with a comma between them.
  public mutating func numberPair() -> (UInt64, UInt64)? {
    var copy = self
    guard let first = copy.number(), copy.take(0x2c), let second = copy.number() else { return nil }
    self = copy
    return (first, second)
  }
}
