internal import DriverProtocol
internal import Glibc

/// A file as the disk of a machine, word by word what a pattern says.
package struct DiskImage {
  package let path: String
  /// Bytes, a multiple of 8.
  package let size: Int

  private static let batch = 1 << 17

  /// Makes the file, with what the test of the block driver expects on its disk.
  /// - Returns: nil if it cannot be written.
  package init?(path: String, size: Int) {
    self.path = path
    self.size = size
    guard let file = fopen(path, "wb") else { return nil }
    defer { fclose(file) }
    var words = [UInt64](repeating: 0, count: Self.batch)
    for first in stride(from: 0, to: size / 8, by: Self.batch) {
      let count = min(Self.batch, size / 8 - first)
      for index in 0..<count { words[index] = DiskPattern.before(UInt64(first + index)) }
      guard fwrite(words, 8, count, file) == count else { return nil }
    }
  }

  /// The first word that is not what the block driver's client leaves; nil if all are.
  package func firstWordNotWritten() -> Int? {
    guard let file = fopen(path, "rb") else { return 0 }
    defer { fclose(file) }
    var words = [UInt64](repeating: 0, count: Self.batch)
    for first in stride(from: 0, to: size / 8, by: Self.batch) {
      let count = min(Self.batch, size / 8 - first)
      guard fread(&words, 8, count, file) == count else { return first }
      for index in 0..<count where words[index] != DiskPattern.after(UInt64(first + index)) {
        return first + index
      }
    }
    return nil
  }
}
