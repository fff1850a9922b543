internal import Glibc

/// UTF-8 text as it is written: a dump of a large system has thirty million bytes, most of them in pieces of ten.
///
/// What is written is never moved, however much follows. Two names for it are the same text.
package final class AnswerText {
  /// A piece of memory, and how much of it is text.
  private struct Piece {
    let start: UnsafeMutableRawPointer
    let size: Int
    var used = 0
  }

  /// All but the last are full.
  private var full: [Piece] = []
  /// Of its own, since each access to a class's variable is checked for being the only one: that took more time than
  /// all the writing.
  private let last: UnsafeMutablePointer<Piece>
  private static let firstPiece = 4096
  /// A page of the processor's second level: the memory of a long text is otherwise a good part of its time, a fault
  /// for each 4 KiB.
  private static let largestPiece = 2 << 20

  package init() {
    last = .allocate(capacity: 1)
    last.initialize(to: Self.piece(Self.firstPiece))
  }

  package convenience init(_ text: String) {
    self.init()
    append(text)
  }

  deinit {
    for piece in full { piece.start.deallocate() }
    last.pointee.start.deallocate()
    last.deallocate()
  }

  private static func piece(_ size: Int) -> Piece {
    let start = UnsafeMutableRawPointer.allocate(
      byteCount: size, alignment: size == largestPiece ? largestPiece : 1)
    // Advice only: without it the text is the same.
    if size == largestPiece { madvise(start, size, Int32(MADV_HUGEPAGE)) }
    return Piece(start: start, size: size)
  }

  package var isEmpty: Bool { last.pointee.used == 0 && full.isEmpty }

  package var string: String {
    var bytes: [UInt8] = []
    forEachPiece { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Calls `body` with the text, a piece at a time; the pointer is not to be kept.
  package func forEachPiece<Failure>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure)
  {
    for piece in full + [last.pointee] {
      try body(UnsafeRawBufferPointer(start: piece.start, count: piece.used))
    }
  }

  package func append(_ text: String) {
    let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { append(UnsafeRawBufferPointer($0)) }
    if isDone == nil { append(Array(text.utf8)) }
  }

  func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    room(for: bytes.count).copyMemory(from: source, byteCount: bytes.count)
  }

  func append(byte: UInt8) {
    room(for: 1).storeBytes(of: byte, as: UInt8.self)
  }

  /// `0x` and the digits.
  func append(hexadecimal value: UInt64) {
    let digits = max(1, (64 - value.leadingZeroBitCount + 3) / 4)
    let start = room(for: 2 + digits).assumingMemoryBound(to: UInt8.self)
    start[0] = UInt8(ascii: "0")
    start[1] = UInt8(ascii: "x")
    var rest = value
    for index in stride(from: 1 + digits, to: 1, by: -1) {
      let nibble = UInt8(truncatingIfNeeded: rest & 15)
      start[index] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble
      rest >>= 4
    }
  }

  func append(decimal value: UInt64) {
    var digits = 1
    var rest = value
    while rest > 9 {
      digits += 1
      rest /= 10
    }
    let start = room(for: digits).assumingMemoryBound(to: UInt8.self)
    rest = value
    for index in stride(from: digits - 1, through: 0, by: -1) {
      start[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  /// Where the next `count` bytes go, which are taken as written.
  private func room(for count: Int) -> UnsafeMutableRawPointer {
    if last.pointee.size - last.pointee.used < count { addPiece(for: count) }
    defer { last.pointee.used += count }
    return last.pointee.start + last.pointee.used
  }

  private func addPiece(for count: Int) {
    full.append(last.pointee)
    last.pointee = Self.piece(max(count, min(Self.largestPiece, 4 * last.pointee.size)))
  }
}
