internal import GDBProtocol

/// Memory as the answer to `qvesper.Memory` tells it: `b`, and then `ZEROS,COUNT:BYTES` as often as there is something
/// between zeros.
enum SparseMemory {
  static let packet = "qvesper.Memory"

  /// The memory, which may be less than was asked for; `nil` if the answer is not of this form, goes beyond `limit`, or
  /// does not get on.
  static func bytes(of answer: [UInt8], atMost limit: Int) -> [UInt8]? {
    let storage = PacketStorage(answer)
    var cursor = PacketCursor(storage.buffer)
    guard cursor.take(UInt8(ascii: "b")) else { return nil }
    var bytes: [UInt8] = []
    repeat {
      guard takePart(&cursor, into: &bytes, atMost: limit) else { return nil }
    } while !cursor.isAtEnd
    return bytes
  }

  /// Takes `ZEROS,COUNT:BYTES`; false if that is not what comes, or it goes beyond `limit` or says nothing.
  static func takePart(_ cursor: inout PacketCursor, into bytes: inout [UInt8], atMost limit: Int) -> Bool {
    guard let (zeros, count) = cursor.numberPair(), cursor.take(UInt8(ascii: ":")), zeros > 0 || count > 0,
      zeros <= limit - bytes.count, count <= limit - bytes.count - Int(zeros)
    else { return false }
    bytes.append(contentsOf: repeatElement(0, count: Int(zeros)))
    for _ in 0..<count {
      guard let byte = cursor.next() else { return false }
      bytes.append(byte)
    }
    return true
  }
}
