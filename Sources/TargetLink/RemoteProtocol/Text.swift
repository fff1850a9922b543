internal import GDBProtocol

/// The bytes that pairs of hexadecimal digits stand for; `nil` if there is anything else.
func bytes(hexadecimal digits: some Collection<UInt8>) -> [UInt8]? {
  guard digits.count.isMultiple(of: 2) else { return nil }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(digits.count / 2)
  var high: UInt8?
  for digit in digits {
    guard let value = Hexadecimal.value(of: digit) else { return nil }
    if let first = high {
      bytes.append(first << 4 | value)
      high = nil
    } else {
      high = value
    }
  }
  return bytes
}

/// Pairs of hexadecimal digits.
func hexadecimalDigits(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: bytes.flatMap { [Hexadecimal.digit($0 >> 4), Hexadecimal.digit($0)] }, as: UTF8.self)
}

/// Bytes of a stranger, short and harmless to print.
func printable(_ bytes: some Sequence<UInt8>) -> String {
  bytes.prefix(60).map { (0x20..<0x7f).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
}
