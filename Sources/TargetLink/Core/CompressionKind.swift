internal import CZlib
internal import CZstd
internal import Glibc
internal import SystemPackage

/// How a file is compressed, as its name says.
enum CompressionKind: Equatable {
  case none, gzip, zstd

  init(path: String) {
    self = path.hasSuffix(".gz") ? .gzip : path.hasSuffix(".zst") ? .zstd : .none
  }

  func sink(to descriptor: Int32) -> any ByteSink {
    switch self {
    case .none: SparseSink(descriptor)
    case .gzip: GzipSink(descriptor)
    case .zstd: ZstdSink(descriptor)
    }
  }
}

/// What takes bytes, in their order.
protocol ByteSink: AnyObject {
  func write(_ bytes: ArraySlice<UInt8>) throws(Errno)
  /// To be called after the last bytes.
  func finish() throws(Errno)
}

private final class SparseSink: ByteSink {
  private var writer: SparseWriter

  init(_ descriptor: Int32) { writer = SparseWriter(descriptor) }

  func write(_ bytes: ArraySlice<UInt8>) throws(Errno) { try writer.write(bytes) }

  func finish() throws(Errno) { try writer.finish() }
}

private final class GzipSink: ByteSink {
  private var writer: SparseWriter
  private var stream = z_stream()
  private var output = [UInt8](repeating: 0, count: 1 << 18)
  /// Window of 2^15 bytes, and 16 for gzip's header (zlib.h).
  private static let windowBits: Int32 = 15 + 16
  private static let memoryLevel: Int32 = 8

  init(_ descriptor: Int32) {
    writer = SparseWriter(descriptor)
    deflateInit2_(
      &stream, Z_BEST_SPEED, Z_DEFLATED, Self.windowBits, Self.memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
  }

  deinit {
    deflateEnd(&stream)
  }

  func write(_ bytes: ArraySlice<UInt8>) throws(Errno) { try compress(bytes, Z_NO_FLUSH) }

  func finish() throws(Errno) {
    try compress([], Z_FINISH)
    try writer.finish()
  }

  private func compress(_ bytes: ArraySlice<UInt8>, _ flush: Int32) throws(Errno) {
    var used = 0
    var made = 0
    repeat {
      (used, made) = bytes.withUnsafeBytes { source in
        output.withUnsafeMutableBytes { target in
          stream.next_in = UnsafeMutablePointer(
            mutating: source.baseAddress?.advanced(by: used).assumingMemoryBound(to: UInt8.self))
          stream.avail_in = UInt32(source.count - used)
          stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
          stream.avail_out = UInt32(target.count)
          deflate(&stream, flush)
          return (source.count - Int(stream.avail_in), target.count - Int(stream.avail_out))
        }
      }
      try writer.write(output[..<made])
    } while used < bytes.count || made == output.count
  }
}

private final class ZstdSink: ByteSink {
  private var writer: SparseWriter
  private let stream = ZSTD_createCStream()
  private var output = [UInt8](repeating: 0, count: 1 << 18)

  init(_ descriptor: Int32) { writer = SparseWriter(descriptor) }

  deinit {
    ZSTD_freeCStream(stream)
  }

  func write(_ bytes: ArraySlice<UInt8>) throws(Errno) { try compress(bytes, ZSTD_e_continue) }

  func finish() throws(Errno) {
    try compress([], ZSTD_e_end)
    try writer.finish()
  }

  private func compress(_ bytes: ArraySlice<UInt8>, _ mode: ZSTD_EndDirective) throws(Errno) {
    var used = 0
    var isDone = false
    while !isDone {
      var made = 0
      let left = bytes.withUnsafeBytes { source in
        output.withUnsafeMutableBytes { target in
          var from = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: used)
          var into = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          let left = ZSTD_compressStream2(stream, &into, &from, mode)
          used = from.pos
          made = into.pos
          return left
        }
      }
      if ZSTD_isError(left) != 0 { throw .noMemory }
      try writer.write(output[..<made])
      isDone = mode == ZSTD_e_end ? left == 0 : used == bytes.count
    }
  }
}
