/// Pieces of physical memory that were all read at one moment.
package struct GatheredMemory {
  private struct Piece {
    var address: UInt64
    var bytes: [UInt8]
  }

  private var pieces: [Piece] = []
  private var isSorted = true
  /// In bytes, of all pieces.
  package private(set) var count = 0

  package init() {}

  package var pieceCount: Int { pieces.count }

  /// Adds what lies behind the last piece, or somewhere else.
  package mutating func append(_ bytes: [UInt8], at address: UInt64) {
    count += bytes.count
    if let last = pieces.last, last.address &+ UInt64(last.bytes.count) == address {
      pieces[pieces.count - 1].bytes += bytes
    } else {
      isSorted = isSorted && (pieces.last.map { $0.address <= address } ?? true)
      pieces.append(Piece(address: address, bytes: bytes))
    }
  }

  /// To be called when all are there.
  package mutating func sort() {
    if !isSorted { pieces.sort { $0.address < $1.address } }
    isSorted = true
  }

  /// The bytes of a range; `nil` unless it lies within one piece.
  package subscript(range: MemoryRange) -> [UInt8]? {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].address <= range.address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, range.count >= 0 else { return nil }
    let piece = pieces[low - 1]
    let offset = range.address - piece.address
    guard offset <= UInt64(piece.bytes.count), range.count <= piece.bytes.count - Int(offset) else {
      return nil
    }
    return Array(piece.bytes[Int(offset)..<Int(offset) + range.count])
  }
}
