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
    for index in 0..<digits.count / 2 {
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
