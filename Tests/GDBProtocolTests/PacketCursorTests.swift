import GDBProtocol
import Testing

/// A cursor over a text. (A class, as `#expect` takes no mutating call.)
private final class Reader {
  private let memory: Memory
  private var cursor: PacketCursor

  init(_ text: String) {
    memory = Memory(text)
    cursor = PacketCursor(memory.buffer)
  }

  var position: Int { cursor.position }
  var isAtEnd: Bool { cursor.isAtEnd }
  var rest: String { cursor.rest.text }
  func number() -> UInt64? { cursor.number() }
  func hexByte() -> UInt8? { cursor.hexByte() }
  func littleEndian(bytes: Int) -> UInt64? { cursor.littleEndian(bytes: bytes) }
  func take(_ byte: UInt8) -> Bool { cursor.take(byte) }
  func take(_ text: StaticString) -> Bool { cursor.take(text) }
  func isExactly(_ text: StaticString) -> Bool { cursor.isExactly(text) }
  func field(until separator: UInt8) -> String { cursor.field(until: separator).rest.text }
}

@Suite struct PacketCursorTests {
  @Test func `an address and a length are read`() {
    let reader = Reader("ffff000040200000,1f")
    #expect(reader.number() == 0xffff_0000_4020_0000)
    #expect(reader.take(0x2c))
    #expect(reader.number() == 0x1f)
    #expect(reader.isAtEnd)
  }

  @Test func `a number of more than 64 bits is refused and left in place`() {
    let reader = Reader("10000000000000000")
    #expect(reader.number() == nil)
    #expect(reader.position == 0)
    #expect(Reader("00000000000000000001").number() == 1)
  }

  @Test func `no digits make no number`() {
    #expect(Reader(",1").number() == nil)
    #expect(Reader("").number() == nil)
  }

  @Test func `half a byte is refused and left in place`() {
    let reader = Reader("a")
    #expect(reader.hexByte() == nil)
    #expect(reader.position == 0)
    #expect(Reader("78563412").littleEndian(bytes: 4) == 0x1234_5678)
    #expect(Reader("785634").littleEndian(bytes: 4) == nil)
  }

  @Test func `a text is taken whole or not at all`() {
    let reader = Reader("qSupported:x")
    #expect(!reader.take("qSupportedX"))
    #expect(reader.take("qSupported"))
    #expect(reader.rest == ":x")
    #expect(Reader("qC").isExactly("qC"))
    #expect(!Reader("qC").isExactly("q"))
    #expect(!Reader("qC").isExactly("qCRC"))
  }

  @Test func `fields are split at their separator`() {
    let reader = Reader("a;bc;;d")
    var fields: [String] = []
    while !reader.isAtEnd { fields.append(reader.field(until: 0x3b)) }
    #expect(fields == ["a", "bc", "", "d"])
  }
}
