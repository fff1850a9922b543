internal import GDBProtocol

/// The bytes that pairs of hexadecimal digits stand for; `nil` if there is anything else.
func bytes(hexadecimal digits: some Collection<UInt8>) -> [UInt8]? {
  if let result = digits.withContiguousStorageIfAvailable(pairs) { return result }
  return Array(digits).withUnsafeBufferPointer(pairs)
}

private func pairs(_ digits: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
  guard digits.count.isMultiple(of: 2) else { return nil }
  var wrong: UInt8 = 0
  let values = digitValues
  let bytes = [UInt8](unsafeUninitializedCapacity: digits.count / 2) { bytes, count in
    var start = 0
    while start <= digits.count / 2 - 4, let value = fourPairs(digits, from: 2 * start) {
      for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
      start += 4
    }
    for index in start..<digits.count / 2 {
      let high = values[Int(digits[2 * index])]
      let low = values[Int(digits[2 * index + 1])]
      wrong |= high | low
      bytes[index] = high << 4 | low & 0xf
    }
    count = digits.count / 2
  }
  // One that is no digit has a value above 15.
  return wrong > 0xf ? nil : bytes
}

/// Four bytes from eight digits at once, the first in the lowest bits; nil if one is no digit.
private func fourPairs(_ digits: UnsafeBufferPointer<UInt8>, from offset: Int) -> UInt32? {
  let each: UInt64 = 0x0101_0101_0101_0101
  let word = UInt64(
    littleEndian: UnsafeRawBufferPointer(digits).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  // The sums below set the highest bit of each byte that is above 9, 6 and 0: none can carry into the next byte.
  let low = each &* 0x7f
  let noDigit = ((word ^ each &* 0x30) & low) &+ each &* (0x7f - 9)
  let letter = ((word | each &* 0x20) ^ each &* 0x60) & low
  let noLetter = (letter &+ each &* (0x7f - 6)) | ~(letter &+ each &* 0x7f)
  guard (noDigit & noLetter | word) & (each &* 0x80) == 0 else { return nil }
  // A letter has the bit 0x40, and is 9 more than its four lowest bits.
  let values = (word & (each &* 0xf)) &+ (word >> 6 & each) &* 9
  let pairs = (values << 4 | values >> 8) & 0x00ff_00ff_00ff_00ff
  let halves = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff
  return UInt32(truncatingIfNeeded: halves | halves >> 16)
}

/// By the digit's code: memory comes as a million of them.
private let digitValues: [UInt8] = (0...255).map { Hexadecimal.value(of: $0) ?? 0xff }

/// Pairs of hexadecimal digits.
func hexadecimalDigits(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: bytes.flatMap { [Hexadecimal.digit($0 >> 4), Hexadecimal.digit($0)] }, as: UTF8.self)
}

/// Bytes of a stranger, short and harmless to print.
func printable(_ bytes: some Sequence<UInt8>) -> String {
  bytes.prefix(60).map { (0x20..<0x7f).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
}
