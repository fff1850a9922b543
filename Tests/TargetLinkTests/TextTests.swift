import GDBProtocol
import Testing

@testable import TargetLink

@Suite struct TextTests {
  @Test func `each pair of characters is read at each place, or refused`() {
    for pair in 0..<1 << 16 {
      let high = UInt8(pair >> 8)
      let low = UInt8(pair & 0xff)
      var expected: UInt8?
      if let high = Hexadecimal.value(of: high), let low = Hexadecimal.value(of: low) {
        expected = high << 4 | low
      }
      let place = pair % 6
      var digits = Array("0123456789aB".utf8)
      digits.replaceSubrange(2 * place..<2 * place + 2, with: [high, low])
      var result: [UInt8]? = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab]
      if let expected { result?[place] = expected } else { result = nil }
      #expect(bytes(hexadecimal: digits) == result, "\(digits)")
    }
  }

  @Test func `half a pair is refused`() {
    #expect(bytes(hexadecimal: Array("0".utf8)) == nil)
    #expect(bytes(hexadecimal: Array("012345678".utf8)) == nil)
    #expect(bytes(hexadecimal: [UInt8]()) == [])
  }
}
