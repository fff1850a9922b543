/// One line of console text, built in place: string interpolation without a heap.
///
/// Text beyond `capacity` bytes is left out.
public struct ConsoleText: ExpressibleByStringInterpolation, Sendable {
  public static let capacity = 120

  private(set) var bytes = InlineArray<120, UInt8>(repeating: 0)
  private(set) var count = 0

  public init(stringLiteral value: StaticString) { append(value) }

  public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.text }

  public mutating func append(_ byte: UInt8) {
    guard count < Self.capacity else { return }
    bytes[count] = byte
    count += 1
  }

  mutating func removeLast() { count = max(count - 1, 0) }

  public mutating func append(_ text: StaticString) {
    guard text.hasPointerRepresentation else { return }
    for offset in 0..<text.utf8CodeUnitCount {
      // Safety: a literal lives for ever, and `offset` is below its length.
      append(unsafe text.utf8Start[offset])
    }
  }

  /// Appends `value` in `radix`, 2...16.
  mutating func append(_ value: UInt64, radix: UInt64) {
    var digits = InlineArray<64, UInt8>(repeating: 0)
    var first = 64
    var rest = value
    repeat {
      let digit = UInt8(truncatingIfNeeded: rest % radix)
      rest /= radix
      first -= 1
      digits[first] = digit < 10 ? 0x30 &+ digit : 0x57 &+ digit
    } while rest != 0
    for index in first..<64 { append(digits[index]) }
  }

  fileprivate init() {}
}

extension ConsoleText {
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ConsoleText()

    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ literal: StaticString) { text.append(literal) }

    public mutating func appendInterpolation(_ value: UInt64) { text.append(value, radix: 10) }

    public mutating func appendInterpolation(hexadecimal value: UInt64) {
      text.append("0x")
      text.append(value, radix: 16)
    }

    public mutating func appendInterpolation(_ value: StaticString) { text.append(value) }

    public mutating func appendInterpolation(_ value: ConsoleText) {
      for index in 0..<value.count { text.append(value.bytes[index]) }
    }

    public mutating func appendInterpolation(_ name: DomainName) {
      for index in 0..<16 {
        let byte = name.byte(at: index)
        guard byte != 0 else { return }
        text.append(byte)
      }
    }
  }
}
