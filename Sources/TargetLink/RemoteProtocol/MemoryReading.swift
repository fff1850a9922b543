/// Ranges cut into pieces, and what came of them.
struct MemoryReading {
  struct Piece {
    var range: Int
    var offset: Int
    var address: UInt64
    var count: Int
  }

  /// What came of one piece.
  enum Answer {
    case refused
    /// Perhaps fewer than asked for, and none of a piece that was not reached.
    case bytes(ArraySlice<UInt8>)

    var count: Int {
      if case .bytes(let bytes) = self { bytes.count } else { 0 }
    }
  }

  /// Still to be asked for.
  private var pending: [Piece] = []
  /// What the answers of this round left out.
  private var rests: [Piece] = []
  private(set) var results: [[UInt8]?]
  /// A stub may answer with less than was asked; one that does so for ever is given up.
  private var roundsLeft = 64

  /// `longest` is what is asked for at once at first.
  init(_ ranges: [MemoryRange], longest: Int) {
    results = ranges.map { $0.count < 0 ? nil : [] }
    for (index, range) in ranges.enumerated() where range.count > 0 {
      results[index]?.reserveCapacity(range.count)
      cut(Piece(range: index, offset: 0, address: range.address, count: range.count), every: longest)
    }
  }

  private mutating func cut(_ whole: Piece, every size: Int) {
    for start in stride(from: 0, to: whole.count, by: size) {
      pending.append(
        Piece(
          range: whole.range, offset: whole.offset + start, address: whole.address &+ UInt64(start),
          count: min(size, whole.count - start)))
    }
  }

  /// What is to be asked for next, by requests; none when all is done. Small pieces are asked for together, up to `size`
  /// bytes of them.
  mutating func takeGroups(atMost size: Int) -> [[Piece]] {
    defer { pending = [] }
    var groups: [[Piece]] = []
    var total = 0
    for piece in pending {
      total += piece.count
      if total <= size, let last = groups.last, last.count < Self.largestGroup {
        groups[groups.count - 1].append(piece)
      } else {
        groups.append([piece])
        total = piece.count
      }
    }
    return groups
  }

  /// A request that names so many is no longer than 320 bytes.
  private static let largestGroup = 12

  /// Takes the answer to a piece; false if it is longer than what was asked.
  mutating func take(_ answer: Answer, for piece: Piece) -> Bool {
    guard case .bytes(let bytes) = answer else {
      results[piece.range] = nil
      return true
    }
    guard bytes.count <= piece.count else { return false }
    store(bytes, of: piece)
    let count = bytes.count
    if count < piece.count {
      rests.append(
        Piece(
          range: piece.range, offset: piece.offset + count, address: piece.address &+ UInt64(count),
          count: piece.count - count))
    }
    return true
  }

  private mutating func store(_ bytes: ArraySlice<UInt8>, of piece: Piece) {
    guard !bytes.isEmpty, results[piece.range] != nil else { return }
    let missing = piece.offset + bytes.count - (results[piece.range]?.count ?? 0)
    if missing == bytes.count {
      results[piece.range]?.append(contentsOf: bytes)
    } else {
      // An earlier piece of this range came short: what is between is filled when its rest comes.
      if missing > 0 { results[piece.range]?.append(contentsOf: repeatElement(0, count: missing)) }
      results[piece.range]?.replaceSubrange(piece.offset..<piece.offset + bytes.count, with: bytes)
    }
  }

  /// After all answers: what they left out is pending, in pieces of at most `size` bytes.
  mutating func askAgain(atMost size: Int) {
    roundsLeft -= 1
    if roundsLeft == 0 { for piece in rests { results[piece.range] = nil } }
    for piece in rests where results[piece.range] != nil { cut(piece, every: size) }
    rests = []
  }
}
