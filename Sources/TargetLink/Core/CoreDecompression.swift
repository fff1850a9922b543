internal import CZlib
internal import CZstd
internal import Glibc
internal import SystemPackage

/// Core files compressed with gzip (RFC 1952) or zstd (RFC 8878).
///
/// What is compressed cannot be read from any place, so it is unpacked first, into a file that has no name. Its
/// zeros take no room there.
enum CoreDecompression {
  /// In bytes unpacked: more than any machine's memory that is looked at here.
  static let longest: UInt64 = 1 << 40
  private static let chunk = 1 << 20

  /// Opens a core, unpacked if need be.
  static func open(_ path: String) throws(TargetError) -> RandomAccessFile {
    // Not to wait for somebody at the other end of a FIFO.
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .noSuchFile(path: path, Errno(rawValue: errno)) }
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(descriptor)
      throw .unusableFile(path: path, reason: "it is no regular file")
    }
    let file = RandomAccessFile(adopting: descriptor)
    let start = file.read(at: 0, count: Int(min(4, file.size))) ?? []
    if start.starts(with: [0x1f, 0x8b]) { return try unpack(file, path, GzipDecoder()) }
    if start.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) { return try unpack(file, path, ZstdDecoder()) }
    return file
  }

  private static func unpack(
    _ file: RandomAccessFile, _ path: String, _ decoder: any StreamDecoder
  ) throws(TargetError) -> RandomAccessFile {
    let descriptor = try unnamedFile()
    var writer = SparseWriter(descriptor)
    var offset: UInt64 = 0
    var isDamaged = false
    do throws(Errno) {
      var output = [UInt8](repeating: 0, count: chunk)
      while offset < file.size, !isDamaged {
        let count = Int(min(UInt64(chunk), file.size - offset))
        guard let input = file.read(at: offset, count: count) else { throw .ioError }
        offset += UInt64(count)
        isDamaged = try !decoder.decode(input, &output) { (bytes) throws(Errno) in
          guard writer.size < longest else { throw .fileTooLarge }
          try writer.write(bytes)
        }
      }
      try writer.finish()
    } catch {
      Glibc.close(descriptor)
      throw .unusableFile(path: path, reason: "it cannot be unpacked in \(TemporaryFolder.parent): \(error)")
    }
    return RandomAccessFile(adopting: descriptor, isCut: isDamaged || !decoder.isComplete)
  }

  private static func unnamedFile() throws(TargetError) -> Int32 {
    var template = Array("\(TemporaryFolder.parent)/vesper-core-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw .unusableFile(
        path: TemporaryFolder.parent,
        reason: "a compressed core is unpacked there: \(Errno(rawValue: errno)); set TMPDIR to another folder"
      )
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
    return descriptor
  }
}

/// A compressed stream, piece by piece.
protocol StreamDecoder: AnyObject {
  /// Whether the last piece was the end of the stream, or of one of several behind each other.
  var isComplete: Bool { get }

  /// Unpacks a piece through `output`; false if it is damaged.
  func decode(
    _ input: [UInt8], _ output: inout [UInt8], _ write: (ArraySlice<UInt8>) throws(Errno) -> Void
  ) throws(Errno) -> Bool
}

private final class GzipDecoder: StreamDecoder {
  private var stream = z_stream()
  private(set) var isComplete = false
  /// Window of 2^15 bytes, and 16 for gzip's header (zlib.h).
  private static let windowBits: Int32 = 15 + 16

  init() {
    inflateInit2_(&stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }

  deinit {
    inflateEnd(&stream)
  }

  func decode(
    _ input: [UInt8], _ output: inout [UInt8], _ write: (ArraySlice<UInt8>) throws(Errno) -> Void
  ) throws(Errno) -> Bool {
    var used = 0
    while used < input.count {
      if isComplete { inflateReset(&stream) }
      let size = output.count
      let (status, taken, made) = input.withUnsafeBytes { source in
        output.withUnsafeMutableBytes { target in
          stream.next_in = UnsafeMutablePointer(
            mutating: source.baseAddress?.advanced(by: used).assumingMemoryBound(to: UInt8.self))
          stream.avail_in = UInt32(input.count - used)
          stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
          stream.avail_out = UInt32(size)
          let status = inflate(&stream, Z_NO_FLUSH)
          return (status, input.count - used - Int(stream.avail_in), size - Int(stream.avail_out))
        }
      }
      guard status == Z_OK || status == Z_STREAM_END else { return false }
      if taken == 0, made == 0 { return false }
      isComplete = status == Z_STREAM_END
      used += taken
      try write(output[..<made])
      if used == input.count, made == size, !isComplete, try !drain(&output, write) { return false }
    }
    return true
  }

  /// What is still in the decoder after its last input.
  private func drain(
    _ output: inout [UInt8], _ write: (ArraySlice<UInt8>) throws(Errno) -> Void
  ) throws(Errno) -> Bool {
    while true {
      let size = output.count
      let (status, made) = output.withUnsafeMutableBytes { target in
        stream.avail_in = 0
        stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(size)
        let status = inflate(&stream, Z_NO_FLUSH)
        return (status, size - Int(stream.avail_out))
      }
      if status == Z_STREAM_END { isComplete = true }
      guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status) else { return false }
      try write(output[..<made])
      if made < size { return true }
    }
  }
}

private final class ZstdDecoder: StreamDecoder {
  private let stream = ZSTD_createDStream()
  private(set) var isComplete = false

  deinit {
    ZSTD_freeDStream(stream)
  }

  func decode(
    _ input: [UInt8], _ output: inout [UInt8], _ write: (ArraySlice<UInt8>) throws(Errno) -> Void
  ) throws(Errno) -> Bool {
    var used = 0
    var made = 0
    repeat {
      let size = output.count
      let status = input.withUnsafeBytes { source in
        output.withUnsafeMutableBytes { target in
          var from = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: used)
          var into = ZSTD_outBuffer(dst: target.baseAddress, size: size, pos: 0)
          let status = ZSTD_decompressStream(stream, &into, &from)
          used = from.pos
          made = into.pos
          return status
        }
      }
      if ZSTD_isError(status) != 0 { return false }
      isComplete = status == 0
      try write(output[..<made])
      // A full output may mean that there is more without further input.
    } while used < input.count || made == output.count
    return true
  }
}
