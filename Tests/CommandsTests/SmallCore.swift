import Foundation
import TargetLink

/// The words of a system's memory that a dump reads, kept in a small file beside the descriptor's bytes.
///
/// Little-endian: the descriptor's size and the number of pages and words, 4 bytes each; the descriptor; each page's
/// number, 4 bytes; each word that is not zero, its address / 8 in 4 bytes and the word in 8.
struct SmallCore {
  var descriptor: [UInt8] = []
  var pages: Set<UInt64> = []
  var words: [UInt64: UInt64] = [:]

  /// Remembers what was read.
  mutating func add(_ range: MemoryRange, _ bytes: [UInt8]) {
    for (offset, byte) in bytes.enumerated() {
      let address = range.address &+ UInt64(offset)
      pages.insert(address >> 12)
      if byte != 0 { words[address >> 3, default: 0] |= UInt64(byte) << (address % 8 * 8) }
    }
  }

  var data: Data {
    var bytes: [UInt8] = []
    func put(_ value: UInt64, _ count: Int) {
      for byte in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(byte * 8))) }
    }
    for count in [descriptor.count, pages.count, words.count] { put(UInt64(count), 4) }
    bytes += descriptor
    for page in pages.sorted() { put(page, 4) }
    for (number, word) in words.sorted(by: { $0.key < $1.key }) {
      put(number, 4)
      put(word, 8)
    }
    return Data(bytes)
  }

  init() {}

  init(_ data: Data) {
    let bytes = [UInt8](data)
    var next = 0
    func take(_ count: Int) -> UInt64 {
      defer { next += count }
      return (0..<count).reduce(0) { $0 | UInt64(bytes[next + $1]) << UInt64($1 * 8) }
    }
    let counts = (0..<3).map { _ in Int(take(4)) }
    descriptor = Array(bytes[next..<next + counts[0]])
    next += counts[0]
    for _ in 0..<counts[1] { pages.insert(take(4)) }
    for _ in 0..<counts[2] {
      let number = take(4)
      words[number] = take(8)
    }
  }

  /// The memory, with zeros where nothing is kept of a page.
  var target: InMemoryTarget {
    var image: [UInt64: [UInt8]] = [:]
    var first: UInt64?
    for page in pages.sorted() {
      // Pages in a row are one block, since a read may span them.
      if let start = first, start + UInt64((image[start] ?? []).count) == page << 12 {
        image[start]?.append(contentsOf: self.page(page))
      } else {
        first = page << 12
        image[page << 12] = self.page(page)
      }
    }
    let target = InMemoryTarget(image: image)
    target.descriptor = descriptor
    return target
  }

  private func page(_ number: UInt64) -> [UInt8] {
    (0..<512).flatMap { index in
      withUnsafeBytes(of: (words[number << 9 | UInt64(index)] ?? 0).littleEndian, Array.init)
    }
  }
}

/// Passes everything on, and keeps what was read.
final class RecordingTarget: Target {
  private let target: any Target
  var core = SmallCore()

  init(_ target: any Target) { self.target = target }

  var wayIn: String { target.wayIn }
  var capabilities: TargetCapabilities { target.capabilities }
  var state: RunState { target.state }
  var directMapOffset: UInt64 {
    get { target.directMapOffset }
    set { target.directMapOffset = newValue }
  }
  var onConsoleText: (([UInt8]) -> Void)?

  func readDescriptor() throws(TargetError) -> [UInt8]? {
    let descriptor = try target.readDescriptor()
    core.descriptor = descriptor ?? []
    return descriptor
  }

  func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    let answers = try target.readPhysical(ranges)
    for (range, answer) in zip(ranges, answers) {
      if let answer { core.add(range, answer) }
    }
    return answers
  }

  func detach(keepingStop: Bool) { target.detach(keepingStop: keepingStop) }
}
