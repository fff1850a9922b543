internal import Foundation
internal import TestSupport

/// Makes streams of bytes that are nearly what GDB clients send.
///
/// The corpus is `requests.txt`, one payload a line; what a bug was found with is added there.
package struct StreamFuzzer {
  private var generator: SplitMix64
  private let requests: [[UInt8]]

  /// The same seed makes the same streams.
  package init(seed: UInt64) throws {
    generator = SplitMix64(seed: seed)
    let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "requests.txt")
    let lines = try String(contentsOf: corpus, encoding: .utf8).split(separator: "\n")
    requests = lines.map { Array($0.utf8) }
  }

  /// A packet, perhaps mutated before or after it was framed; seldom noise.
  package mutating func stream() -> [UInt8] {
    var request = requests.randomElement(using: &generator) ?? []
    switch Int.random(in: 0..<10, using: &generator) {
    case 0...2: return Self.frame(request)
    case 3...7:
      mutate(&request)
      return Self.frame(request)
    case 8:
      var stream = Self.frame(request)
      mutate(&stream)
      return stream
    default:
      return noise()
    }
  }

  /// A payload, perhaps mutated.
  package mutating func request() -> [UInt8] {
    var request = requests.randomElement(using: &generator) ?? []
    if Int.random(in: 0..<4, using: &generator) > 0 { mutate(&request) }
    return request
  }

  /// A packet with the right checksum.
  package static func frame(_ payload: [UInt8]) -> [UInt8] {
    var body: [UInt8] = []
    for byte in payload {
      if "$#}*".utf8.contains(byte) {
        body += [UInt8(ascii: "}"), byte ^ 0x20]
      } else {
        body.append(byte)
      }
    }
    let digits = String(body.reduce(0, &+), radix: 16)
    return Array("$".utf8) + body + Array("#".utf8) + Array((digits.count < 2 ? "0" : "").utf8)
      + Array(digits.utf8)
  }

  private mutating func noise() -> [UInt8] {
    let bytes: [UInt8] = [0x03, 0x2b, 0x2d, 0x24, 0x23, 0x7d, 0x2a, 0x25, 0x30]
    return (0..<Int.random(in: 1...12, using: &generator)).map { _ in
      Bool.random(using: &generator)
        ? bytes.randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255, using: &generator)
    }
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let index = Int.random(in: 0...bytes.count, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0 where index < bytes.count: bytes[index] = UInt8.random(in: 0...255, using: &generator)
      case 1 where index < bytes.count: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 2 where index < bytes.count: bytes.remove(at: index)
      case 3:
        bytes.insert(Array("0123456789abcdef,:;-".utf8).randomElement(using: &generator) ?? 0, at: index)
      case 4: bytes.removeLast(bytes.count - index)
      default: bytes.insert(contentsOf: bytes[index...], at: index)
      }
    }
  }
}
