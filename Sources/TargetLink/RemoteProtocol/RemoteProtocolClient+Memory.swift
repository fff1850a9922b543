/// Reading and writing memory.
extension RemoteProtocolClient {
  /// Reads pieces of at most `chunkSize` bytes, pipelined; `nil` for a range the target refuses.
  ///
  /// With `m`, or with `x` where the stub announces `binary-upload`: half as many bytes on the line. Where it can leave
  /// zeros out, pieces are longer, as most of what is long is nearly empty.
  func readMemory(
    _ ranges: [MemoryRange], chunkSize: Int, for operation: String
  ) throws(TargetError) -> [[UInt8]?] {
    let isSparse = features.contains(SparseMemory.packet)
    let longest = isSparse ? chunkSize * Self.sparseChunks : chunkSize
    var reading = MemoryReading(ranges, longest: longest, chunkSize: chunkSize)
    while !reading.pending.isEmpty {
      let kinds = reading.pending.map { isSparse && $0.count > chunkSize ? ReadRequest.sparse : plainRead }
      let requests = zip(kinds, reading.pending).map { kind, piece in
        Array("\(kind.rawValue)\(digits(piece.address)),\(digits(UInt64(piece.count)))".utf8)
      }
      let replies = try exchange(requests, for: operation)
      var answers: [[UInt8]?] = []
      answers.reserveCapacity(replies.count)
      for (index, reply) in replies.enumerated() {
        let count = reading.pending[index].count
        answers.append(try memory(from: reply, to: kinds[index], count: count, for: operation))
      }
      guard reading.take(answers) else {
        throw reject(replies.first ?? [], for: operation)
      }
    }
    return reading.results
  }

  /// Writes with `M`, in pieces that fit the stub's packets.
  func writeMemory(_ bytes: [UInt8], at address: UInt64, for operation: String) throws(TargetError) {
    let size = max(1, (packetSize - 48) / 2)
    let requests = stride(from: 0, to: bytes.count, by: size).map { start in
      let piece = bytes[start..<min(start + size, bytes.count)]
      let target = "M\(digits(address &+ UInt64(start))),\(digits(UInt64(piece.count))):"
      return Array((target + hexadecimalDigits(piece)).utf8)
    }
    for reply in try exchange(requests, for: operation) where reply != Array("OK".utf8) {
      throw .unwritable(address: address, count: bytes.count)
    }
  }

  /// The largest piece whose reply fits the stub's packets, if each byte needs two there.
  var largestMemoryChunk: Int { (packetSize - 8) / 2 }

  /// How many times as long a piece of memory may be whose zeros are left out.
  private static let sparseChunks = 16

  /// What reads memory, up to the address.
  private enum ReadRequest: String {
    case hexadecimal = "m"
    case binary = "x"
    case sparse = "qvesper.Memory:"
  }

  /// A shorter request than the one that leaves zeros out.
  private var plainRead: ReadRequest { features.contains("binary-upload") ? .binary : .hexadecimal }

  /// What the reply to a request for `count` bytes holds; `nil` for an error reply.
  private func memory(
    from reply: [UInt8], to request: ReadRequest, count: Int, for operation: String
  ) throws(TargetError) -> [UInt8]? {
    if isErrorReply(reply) { return nil }
    switch request {
    case .hexadecimal:
      guard let bytes = bytes(hexadecimal: reply) else { throw reject(reply, for: operation) }
      return bytes
    case .binary:
      guard reply.first == UInt8(ascii: "b") else { throw reject(reply, for: operation) }
      return Array(reply.dropFirst())
    case .sparse:
      guard let bytes = SparseMemory.bytes(of: reply, atMost: count) else {
        throw reject(reply, for: SparseMemory.packet)
      }
      return bytes
    }
  }
}

/// Ranges cut into pieces, and what came of them.
struct MemoryReading {
  struct Piece {
    var range: Int
    var offset: Int
    var address: UInt64
    var count: Int
  }

  private(set) var pending: [Piece] = []
  private(set) var results: [[UInt8]?]
  /// A stub may answer with less than was asked; one that does so for ever is given up.
  private var roundsLeft = 64
  private let chunkSize: Int

  /// `longest` is what is asked for at once at first. An answer of less shows how much fits, so that the rest can be
  /// asked for in pieces, but in none smaller than `chunkSize`: a stub must not make any number of them.
  init(_ ranges: [MemoryRange], longest: Int, chunkSize: Int) {
    self.chunkSize = chunkSize
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

  /// Takes the answers to all pending pieces; false if one is longer than what was asked.
  mutating func take(_ answers: [[UInt8]?]) -> Bool {
    let asked = pending
    pending = []
    roundsLeft -= 1
    for (piece, answer) in zip(asked, answers) {
      guard let answer, !answer.isEmpty else {
        results[piece.range] = nil
        continue
      }
      guard answer.count <= piece.count else { return false }
      store(answer, of: piece)
    }
    if roundsLeft == 0 { for piece in pending { results[piece.range] = nil } }
    pending.removeAll { results[$0.range] == nil }
    return true
  }

  private mutating func store(_ answer: [UInt8], of piece: Piece) {
    guard results[piece.range] != nil else { return }
    let missing = piece.offset + answer.count - (results[piece.range]?.count ?? 0)
    if missing == answer.count {
      results[piece.range]?.append(contentsOf: answer)
    } else {
      // An earlier piece of this range came short: what is between is filled when its rest comes.
      if missing > 0 { results[piece.range]?.append(contentsOf: repeatElement(0, count: missing)) }
      results[piece.range]?.replaceSubrange(piece.offset..<piece.offset + answer.count, with: answer)
    }
    // The rest may be zeros, and twice as much as fits keeps the line busy if it is not.
    cut(
      Piece(
        range: piece.range, offset: piece.offset + answer.count,
        address: piece.address &+ UInt64(answer.count), count: piece.count - answer.count),
      every: max(chunkSize, 2 * answer.count))
  }
}

/// Hexadecimal digits of a number, as the protocol writes them.
func digits(_ value: UInt64) -> String {
  String(value, radix: 16)
}
