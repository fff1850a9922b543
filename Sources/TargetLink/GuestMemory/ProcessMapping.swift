/// A piece of a process's address space, as `/proc/PID/maps` tells (proc(5)).
struct ProcessMapping: Equatable {
  var start: UInt64
  /// In bytes.
  var size: UInt64
  var isWritable: Bool
  var isShared: Bool
  /// Where it begins in its file.
  var fileOffset: UInt64
  /// Device and inode of the file, as they are written there.
  var file: String
  var path: String

  var end: UInt64 { start &+ size }

  /// In bytes: a QEMU has some two hundred mappings, a line of a hundred bytes each.
  private static let longestList = 16 << 20

  /// The mappings of a process by address, or `nil` if they may not be read.
  static func list(ofProcess processID: Int32) -> [ProcessMapping]? {
    readFile("/proc/\(processID)/maps", atMost: longestList)
      .map { parse(String(decoding: $0, as: UTF8.self)) }
  }

  static func parse(_ text: String) -> [ProcessMapping] {
    text.split(separator: "\n").compactMap(ProcessMapping.init(line:))
  }

  /// Runs of exactly `size` bytes: of one mapping, or of neighbours that only differ in how they may be paged.
  ///
  /// A large page size or a memory policy given to a part divides a memory's mapping, and what is beside it may look
  /// like more of it.
  static func runs(of size: UInt64, in mappings: [ProcessMapping]) -> [ProcessMapping] {
    mappings.indices.compactMap { first in
      var run = mappings[first]
      for next in mappings[(first + 1)...] where run.size < size {
        guard run.continues(with: next) else { return nil }
        run.size += next.size
      }
      return run.size == size ? run : nil
    }
  }

  /// Whether `size` bytes from an address on are mapped, whatever they are parts of.
  static func covers(_ start: UInt64, size: UInt64, in mappings: [ProcessMapping]) -> Bool {
    var next = start
    for mapping in mappings where mapping.isWritable && mapping.start <= next && next < mapping.end {
      next = mapping.end
    }
    return next >= start && next - start >= size
  }

  /// Reads `START-END rwxp OFFSET DEVICE INODE PATH`.
  private init?(line: Substring) {
    let words = line.split(separator: " ", maxSplits: 5)
    guard words.count >= 5, let (first, last) = words[0].splitOnce(at: "-"),
      let start = UInt64(first, radix: 16), let end = UInt64(last, radix: 16), start < end,
      let offset = UInt64(words[2], radix: 16)
    else { return nil }
    self.start = start
    size = end - start
    isWritable = words[1].hasPrefix("rw")
    isShared = words[1].hasSuffix("s")
    fileOffset = offset
    file = "\(words[3]) \(words[4])"
    path = words.count > 5 ? String(words[5].drop { $0 == " " }) : ""
  }

  private func continues(with next: ProcessMapping) -> Bool {
    let isSameFile =
      file == next.file && (isAnonymous || fileOffset &+ size == next.fileOffset) && path == next.path
    return end == next.start && isSameFile && isWritable == next.isWritable && isShared == next.isShared
  }

  private var isAnonymous: Bool { file.hasSuffix(" 0") }
}
