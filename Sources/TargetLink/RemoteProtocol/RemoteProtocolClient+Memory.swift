/// Reading and writing memory.
extension RemoteProtocolClient {
  /// Reads pieces of at most `chunkSize` bytes, pipelined; `nil` for a range the target refuses.
  ///
  /// With `m`, or with `x` where the stub announces `binary-upload`: half as many bytes on the line. Where it can leave
  /// zeros out, pieces are longer, as most of what is long is nearly empty, and several are asked for at once.
  func readMemory(
    _ ranges: [MemoryRange], chunkSize: Int, for operation: String
  ) throws(TargetError) -> [[UInt8]?] {
    let isSparse = features.contains(SparseMemory.packet)
    let longest = isSparse ? max(chunkSize, Self.longestSparseRead) : chunkSize
    var reading = MemoryReading(ranges, longest: longest)
    var groupSize = longest
    while true {
      let groups = reading.takeGroups(atMost: isSparse ? groupSize : 0)
      if groups.isEmpty { return reading.results }
      let kinds = groups.map { isPlain($0, chunkSize, isSparse) ? plainRead : ReadRequest.sparse }
      // What comes short is asked for again by twice of what fits: it may be zeros, and if not, the line is kept busy.
      groupSize = chunkSize
      try exchange(zip(kinds, groups).map { $0.text(for: $1) }, for: operation) {
        (index, reply) throws(TargetError) in
        let answers = try split(reply, to: kinds[index], for: groups[index], during: operation)
        groupSize = max(groupSize, 2 * answers.reduce(0) { $0 + $1.count })
        guard zip(groups[index], answers).allSatisfy({ reading.take($1, for: $0) }) else {
          throw reject(reply, for: operation)
        }
      }
      reading.askAgain(atMost: groupSize)
    }
  }

  /// Whether pieces are better asked for plainly: the request is shorter, and each of its bytes takes as long as many of
  /// an answer's.
  private func isPlain(_ group: [MemoryReading.Piece], _ chunkSize: Int, _ isSparse: Bool) -> Bool {
    !isSparse || group.count == 1 && group[0].count <= chunkSize
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

  /// What is asked for at once where zeros are left out, in bytes: a CNode of 4,096 slots.
  private static let longestSparseRead = 128 << 10

  /// A shorter request than the one that leaves zeros out.
  private var plainRead: ReadRequest { features.contains("binary-upload") ? .binary : .hexadecimal }

  /// What the reply to a request says of each of its pieces.
  private func split(
    _ reply: [UInt8], to request: ReadRequest, for group: [MemoryReading.Piece], during operation: String
  ) throws(TargetError) -> [MemoryReading.Answer] {
    if isErrorReply(reply) { return [.refused] + group.dropFirst().map { _ in .bytes([]) } }
    var rest = try memory(from: reply, to: request, count: group.reduce(0) { $0 + $1.count }, for: operation)
    if group.count == 1 { return [rest.isEmpty ? .refused : .bytes(rest)] }
    return group.map { piece in
      defer { rest = rest.dropFirst(piece.count) }
      return .bytes(rest.prefix(piece.count))
    }
  }

  /// What the reply to a request for `count` bytes holds.
  private func memory(
    from reply: [UInt8], to request: ReadRequest, count: Int, for operation: String
  ) throws(TargetError) -> ArraySlice<UInt8> {
    switch request {
    case .hexadecimal:
      guard let bytes = bytes(hexadecimal: reply) else { throw reject(reply, for: operation) }
      return bytes[...]
    case .binary:
      guard reply.first == UInt8(ascii: "b") else { throw reject(reply, for: operation) }
      return reply.dropFirst()
    case .sparse:
      guard let bytes = SparseMemory.bytes(of: reply, atMost: count) else {
        throw reject(reply, for: SparseMemory.packet)
      }
      return bytes[...]
    }
  }
}

/// What reads memory, up to the address.
private enum ReadRequest: String {
  case hexadecimal = "m"
  case binary = "x"
  case sparse = "qvesper.Memory:"

  /// Asks for pieces, of which only ``sparse`` takes more than one: each but the first by how far it is behind the end of
  /// the one before.
  func text(for group: [MemoryReading.Piece]) -> [UInt8] {
    var end: UInt64 = 0
    let ranges = group.map { piece in
      defer { end = piece.address &+ UInt64(piece.count) }
      return "\(digits(piece.address &- end)),\(digits(UInt64(piece.count)))"
    }
    return Array((rawValue + ranges.joined(separator: ";")).utf8)
  }
}

/// Hexadecimal digits of a number, as the protocol writes them.
func digits(_ value: UInt64) -> String {
  String(value, radix: 16)
}
