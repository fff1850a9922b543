import GDBProtocol

/// A buffer that is alive as long as this object is.
final class Memory {
  let storage: UnsafeMutableRawBufferPointer

  init(_ count: Int) {
    storage = .allocate(byteCount: count, alignment: 8)
  }

  convenience init(_ bytes: [UInt8]) {
    self.init(bytes.count)
    storage.copyBytes(from: bytes)
  }

  deinit { storage.deallocate() }

  var buffer: ByteBuffer { ByteBuffer(storage) }
}

extension ByteBuffer {
  var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
