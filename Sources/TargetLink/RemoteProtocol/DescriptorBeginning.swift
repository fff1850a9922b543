internal import KernelObjects

/// What has come of a kernel's descriptor.
///
/// It ends with where each field of each object is, and of a kernel from the same source as this debugger that is known:
/// the line need not carry it.
struct DescriptorBeginning {
  private let bytes: [UInt8]
  private let totalSize: Int
  private let bodyStart: Int
  private let checksum: UInt32

  /// In bytes, what is asked for first: somewhat more than what one kernel and the next say differently.
  static let askedSize = 512

  /// Nil if it is none.
  init?(_ bytes: [UInt8]) {
    let size = MemoryLayout<DescriptorHeader>.size
    guard bytes.count >= size, bytes.starts(with: GuestMemorySearch.magic) else { return nil }
    let header = bytes.withUnsafeBytes { $0.loadUnaligned(as: DescriptorHeader.self) }
    self.bytes = bytes
    bodyStart = Int(header.headerSize)
    totalSize = bodyStart + Int(header.bodySize)
    checksum = header.checksum
  }

  /// The descriptor, if all that its header measures has come, or goes on as that of this source: the rest of its
  /// memory is zeros.
  var whole: [UInt8]? {
    if bytes.count >= totalSize { return bytes }
    let known = Self.knownEnd
    let start = totalSize - known.count
    guard bodyStart <= start, start <= bytes.count, known.starts(with: bytes[start...]) else { return nil }
    let guess = bytes[..<start] + known
    let sum = guess[bodyStart...].reduce(DescriptorHeader.checksumSeed) {
      DescriptorHeader.checksum($0, adding: $1)
    }
    return sum == checksum ? Array(guess) : nil
  }

  private static let knownEnd: [UInt8] = {
    var buffer = [UInt8](repeating: 0, count: DescriptorHeader.sizeLimit)
    let place = buffer.withUnsafeMutableBytes { writeDescriptorEnd(into: $0) }
    return place.map { Array(buffer[$0]) } ?? []
  }()
}
