/// What the server can be asked, as message labels.
public enum ServerRequest: UInt64, Sendable {
  /// The sum of all words, modulo 2^64.
  case sumWords = 1
  /// w0 address, w1 bytes: the sum of the bytes there. The buffer stays where it is; its address means the
  /// same in both domains.
  case sumBuffer = 2
}

/// How the server answers, as message labels.
public enum ServerAnswer: UInt64, Sendable {
  /// w0 the sum, w1 requests of this badge so far.
  case sum = 0
  /// The label is no `ServerRequest`.
  case unknownRequest = 1
  /// The buffer is not within the memory that the server shares with its clients.
  case bufferNotShared = 2
}

/// The memory that the server shares with its clients.
public struct SharedMemory: Equatable, Sendable {
  public var address: UInt64
  /// Bytes.
  public var size: UInt64

  public init(address: UInt64, size: UInt64) {
    self.address = address
    self.size = size
  }

  /// Whether all of `count` bytes from `start` on are inside; no numbers overflow.
  public func contains(_ start: UInt64, count: UInt64) -> Bool {
    guard start >= address, count <= size else { return false }
    return start - address <= size - count
  }
}

/// The sum of `count` bytes from `address` on.
///
/// - Precondition: the bytes can be read.
public func sumOfBytes(at address: UInt64, count: UInt64) -> UInt64 {
  var sum: UInt64 = 0
  var next = address
  let end = address &+ count
  while next < end {
    // Safety: by the precondition; an address that lies is a fault of this domain alone.
    guard let byte = unsafe UnsafePointer<UInt8>(bitPattern: UInt(next)) else { return sum }
    sum &+= UInt64(unsafe byte.pointee)
    next &+= 1
  }
  return sum
}
