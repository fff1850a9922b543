internal import Glibc
internal import SystemPackage

/// A file whose bytes are read in any order.
final class RandomAccessFile {
  private let descriptor: Int32
  /// In bytes.
  let size: UInt64
  /// Whether it was made from a compressed file that ends too early.
  let isCut: Bool

  /// Takes over an open file, and closes it when done.
  init(adopting descriptor: Int32, isCut: Bool = false) {
    self.descriptor = descriptor
    self.isCut = isCut
    var information = stat()
    size = fstat(descriptor, &information) == 0 ? UInt64(max(0, information.st_size)) : 0
  }

  deinit {
    Glibc.close(descriptor)
  }

  /// `nil` if they are not all there.
  func read(at offset: UInt64, count: Int) -> [UInt8]? {
    guard count >= 0, offset <= size, UInt64(count) <= size - offset else { return nil }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let result = pread(descriptor, start + filled, count - filled, off_t(offset) + off_t(filled))
        if result > 0 { filled += result } else if result == 0 || errno != EINTR { break }
      }
    }
    return bytes.count == count ? bytes : nil
  }
}

/// Bytes written one after another into a file, with holes where whole blocks of them are zero.
struct SparseWriter {
  private let descriptor: Int32
  private(set) var size: UInt64 = 0
  private static let block = 4096

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  mutating func write(_ bytes: ArraySlice<UInt8>) throws(Errno) {
    let error = bytes.withUnsafeBytes { buffer in
      var start = 0
      while start < buffer.count {
        let (end, isHole) = Self.run(in: buffer, from: start)
        let part = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
        if !isHole, let error = writeAll(part) { return error as Errno? }
        size += UInt64(end - start)
        start = end
      }
      return nil
    }
    if let error { throw error }
  }

  /// Where the blocks end that are all zero, or all not, as the first one is.
  private static func run(in bytes: UnsafeRawBufferPointer, from start: Int) -> (end: Int, isHole: Bool) {
    func isZeroBlock(_ start: Int) -> Bool {
      isZero(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + block, bytes.count)]))
    }
    let isHole = isZeroBlock(start)
    var end = min(start + block, bytes.count)
    while end < bytes.count, isZeroBlock(end) == isHole { end = min(end + block, bytes.count) }
    return (end, isHole)
  }

  /// Gives the file its size, which a hole at its end does not.
  func finish() throws(Errno) {
    if ftruncate(descriptor, off_t(size)) != 0 { throw Errno(rawValue: errno) }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Errno? {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let result = pwrite(descriptor, rest.baseAddress, rest.count, off_t(size) + off_t(written))
      if result >= 0 { written += result } else if errno != EINTR { return Errno(rawValue: errno) }
    }
    return nil
  }

  private static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
    // Compared with itself, one byte further: memcmp is faster than any loop here.
    guard let start = bytes.baseAddress, bytes.count > 0 else { return true }
    return bytes[0] == 0 && memcmp(start, start + 1, bytes.count - 1) == 0
  }
}
