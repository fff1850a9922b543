/// A run of bytes that its maker owns, where every access is checked and none can trap.
///
/// Neither the kernel's stub nor this module allocates, so both are handed the memory that they work in. All
/// their accesses to it go through this type, which is the module's only user of raw pointers besides
/// ``StaticString``.
@safe
public struct ByteBuffer {
  private let storage: UnsafeMutableRawBufferPointer

  /// - Safety: `storage` must be valid for reading and writing as long as this value or a part of it is used.
  @unsafe
  public init(_ storage: UnsafeMutableRawBufferPointer) {
    unsafe self.storage = storage
  }

  /// In bytes.
  public var count: Int { unsafe storage.count }

  /// The byte at `offset`, or nil outside of the buffer.
  public func byte(at offset: Int) -> UInt8? {
    guard offset >= 0, offset < count else { return nil }
    // Safety: checked on the line above.
    return unsafe storage[offset]
  }

  /// Stores one byte. Returns false, and stores nothing, if `offset` is outside of the buffer.
  @discardableResult
  public func store(_ byte: UInt8, at offset: Int) -> Bool {
    guard offset >= 0, offset < count else { return false }
    // Safety: checked on the line above.
    unsafe storage[offset] = byte
    return true
  }

  /// The eight bytes from `offset` on, the first in the lowest bits, or nil if they are not all in the buffer.
  public func word(at offset: Int) -> UInt64? {
    guard offset >= 0, offset <= count &- 8 else { return nil }
    // Safety: checked on the line above.
    return unsafe UInt64(littleEndian: storage.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Stores the eight bytes of a ``word(at:)``. Returns false, and stores nothing, if they do not fit.
  public func store(word: UInt64, at offset: Int) -> Bool {
    guard offset >= 0, offset <= count &- 8 else { return false }
    // Safety: checked on the line above.
    unsafe storage.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
    return true
  }

  /// Calls `body` with each byte, from the first to the last. (A `Sequence` can make arrays, which would
  /// allocate.)
  public func forEach(_ body: (UInt8) -> Void) {
    var offset = 0
    while let byte = byte(at: offset) {
      body(byte)
      offset &+= 1
    }
  }

  /// How many bytes from `offset` on are the same, at most `limit`; 0 outside of the buffer.
  public func runLength(at offset: Int, limit: Int) -> Int {
    guard let first = byte(at: offset) else { return 0 }
    let end = min(count, offset &+ max(0, min(limit, count)))
    let word = UInt64(first) &* 0x0101_0101_0101_0101
    var next = offset
    // Safety: 0 <= offset <= next <= end - 8 < count.
    while next <= end &- 8, unsafe storage.loadUnaligned(fromByteOffset: next, as: UInt64.self) == word {
      next &+= 8
    }
    // Safety: 0 <= offset <= next < end <= count.
    while next < end, unsafe storage[next] == first { next &+= 1 }
    return next &- offset
  }

  /// The little-endian number in the `bytes` bytes from `offset` on, at most 8; 0 stands for what is outside.
  public func load(at offset: Int, bytes: Int) -> UInt64 {
    var value: UInt64 = 0
    var index = 0
    while index < min(bytes, 8) {
      value |= UInt64(byte(at: offset &+ index) ?? 0) &<< UInt64(truncatingIfNeeded: 8 &* index)
      index &+= 1
    }
    return value
  }

  /// Stores the low `bytes` bytes of a number, at most 8, little-endian.
  public func store(_ value: UInt64, at offset: Int, bytes: Int) {
    if bytes == 8, store(word: value, at: offset) { return }
    var rest = value
    var index = 0
    while index < min(bytes, 8) {
      store(UInt8(truncatingIfNeeded: rest), at: offset &+ index)
      rest &>>= 8
      index &+= 1
    }
  }

  /// The part from `offset` of at most `limit` bytes, cut where the buffer ends.
  public func part(from offset: Int, limit: Int = .max) -> ByteBuffer {
    let start = min(max(offset, 0), count)
    let length = min(max(limit, 0), count &- start)
    guard let base = unsafe storage.baseAddress else { return self }
    // Safety: 0 <= start, and start + length <= count.
    return unsafe ByteBuffer(UnsafeMutableRawBufferPointer(start: base + start, count: length))
  }

  /// Calls `body` with the bytes, for a caller that must hand them on (to `write`, or into an `Array`).
  ///
  /// - Safety: the pointer must not be used after `body` returned.
  @unsafe
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    unsafe body(UnsafeRawBufferPointer(storage))
  }
}
