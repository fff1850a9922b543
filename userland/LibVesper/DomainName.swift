/// The 16 bytes of a domain's name, as two little-endian words padded with zeros.
public struct DomainName: Equatable, Sendable {
  public var word0: UInt64
  public var word1: UInt64

  public init(word0: UInt64, word1: UInt64) {
    self.word0 = word0
    self.word1 = word1
  }

  /// The first 16 bytes of `name`.
  public init(_ name: StaticString) {
    self.init(word0: 0, word1: 0)
    guard name.hasPointerRepresentation else { return }
    for index in 0..<min(name.utf8CodeUnitCount, 16) {
      // Safety: a literal lives for ever, and `index` is below its length.
      let byte = UInt64(unsafe name.utf8Start[index])
      if index < 8 {
        word0 |= byte &<< UInt64(8 &* index)
      } else {
        word1 |= byte &<< UInt64(8 &* (index &- 8))
      }
    }
  }

  /// Byte 0...15 of the name; 0 behind its end.
  public func byte(at index: Int) -> UInt8 {
    let word = index < 8 ? word0 : word1
    return UInt8(truncatingIfNeeded: word &>> UInt64(8 &* (index & 7)))
  }
}
