internal import GDBProtocol

/// Memory that ``PacketReceiver`` and ``PacketWriter`` work in.
final class PacketStorage {
  private let memory: UnsafeMutableRawBufferPointer

  init(capacity: Int) {
    memory = .allocate(byteCount: capacity, alignment: 1)
    memory.initializeMemory(as: UInt8.self, repeating: 0)
  }

  convenience init(_ bytes: [UInt8]) {
    self.init(capacity: bytes.count)
    memory.copyBytes(from: bytes)
  }

  deinit {
    memory.deallocate()
  }

  /// Valid for as long as this object lives.
  var buffer: ByteBuffer { ByteBuffer(memory) }
}

extension ByteBuffer {
  /// A copy of the bytes.
  var array: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
