/// Writes the kernel descriptor: a binary `DescriptorHeader` and a text body of lines, into a buffer of fixed size.
///
/// The body is text so that any version of a debugger can read any version of a kernel: a line of an unknown kind
/// is skipped. Words on a line are separated by single spaces; numbers are hexadecimal without prefix. A line that begins
/// with a space belongs to the last one that does not. Every byte takes its time on a serial line, so nothing is said
/// twice.
@unsafe
public struct DescriptorWriter {
  let buffer: UnsafeMutableRawBufferPointer
  var count: Int
  /// Where the last field of an object ended.
  var fieldEnd: UInt32 = 0

  /// - Parameter buffer: room for header and body; what does not fit is cut, and `finish` then says so.
  public init(buffer: UnsafeMutableRawBufferPointer) {
    unsafe self.buffer = unsafe buffer
    unsafe self.count = MemoryLayout<DescriptorHeader>.size
  }

  public mutating func byte(_ value: UInt8) {
    if unsafe count < buffer.count { unsafe buffer[count] = value }
    unsafe count += 1
  }

  // The lines are written by a few hundred calls. So a call passes no more than must be: the address of a literal, which
  // ends with a zero byte.

  @inline(__always)
  public mutating func text(_ text: StaticString) { unsafe characters(text.utf8Start) }

  @inline(__always)
  public mutating func word(_ text: StaticString) { unsafe word(at: text.utf8Start) }

  mutating func word(at text: UnsafePointer<UInt8>) {
    unsafe byte(0x20)
    unsafe characters(text)
  }

  @inline(never)
  private mutating func characters(_ text: UnsafePointer<UInt8>) {
    var pointer = unsafe text
    while unsafe pointer.pointee != 0 {
      unsafe byte(pointer.pointee)
      unsafe pointer += 1
    }
  }

  /// A word behind a space.
  @inline(never)
  public mutating func number(_ value: UInt64) {
    unsafe byte(0x20)
    var shift: UInt64 = 60
    while shift > 0 && value &>> shift == 0 { shift &-= 4 }
    while true {
      let digit = UInt8(truncatingIfNeeded: (value &>> shift) & 15)
      unsafe byte(digit < 10 ? 0x30 &+ digit : 0x57 &+ digit)
      if shift == 0 { return }
      shift &-= 4
    }
  }

  /// Begins a line that others belong to.
  @inline(never)
  mutating func heading(_ kind: StaticString, _ name: StaticString) {
    unsafe text(kind)
    unsafe word(name)
  }

  public mutating func endLine() { unsafe byte(0x0a) }

  /// Puts the header before the body.
  /// - Returns: bytes used, or nil if the buffer was too small.
  public mutating func finish() -> Int? {
    guard unsafe count <= buffer.count else { return nil }
    let headerSize = MemoryLayout<DescriptorHeader>.size
    var checksum = DescriptorHeader.checksumSeed
    for index in unsafe headerSize..<count {
      checksum = DescriptorHeader.checksum(checksum, adding: unsafe buffer[index])
    }
    unsafe buffer.storeBytes(
      of: DescriptorHeader(bodySize: UInt32(truncatingIfNeeded: count &- headerSize), checksum: checksum),
      as: DescriptorHeader.self)
    return unsafe count
  }
}

/// Start of the kernel descriptor; little-endian, page-aligned in memory.
public struct DescriptorHeader: Sendable {
  public var magic0: UInt64
  public var magic1: UInt64
  /// Format of the body; readers refuse a version they do not know.
  public var version: UInt32
  public var headerSize: UInt32
  /// Bytes of text that follow the header.
  public var bodySize: UInt32
  /// FNV-1a, 32 bit, of the body.
  public var checksum: UInt32

  /// "VESPER kernel de" in memory.
  public static let magic0Value: UInt64 = 0x6b20_5245_5053_4556
  public static let magic1Value: UInt64 = 0x6564_206c_656e_7265
  public static let currentVersion: UInt32 = 2
  /// Most bytes a descriptor may have, header included.
  public static let sizeLimit = 32768

  @inlinable
  public init(bodySize: UInt32, checksum: UInt32) {
    magic0 = Self.magic0Value
    magic1 = Self.magic1Value
    version = Self.currentVersion
    headerSize = UInt32(MemoryLayout<DescriptorHeader>.size)
    self.bodySize = bodySize
    self.checksum = checksum
  }

  public static let checksumSeed: UInt32 = 0x811c_9dc5

  @inlinable
  public static func checksum(_ sum: UInt32, adding byte: UInt8) -> UInt32 {
    (sum ^ UInt32(byte)) &* 0x0100_0193
  }
}
