internal import GDBProtocol

/// The answers to `qvesper.Objects`: `m` and parts as in ``SparseMemory``, any of them behind `>COUNT,` or `<COUNT,`, which
/// pass so many addresses; and `l` at the end.
struct ObjectMemory {
  static let packet = "qvesper.Objects"

  private(set) var memory = GatheredMemory()
  private let directMapOffset: UInt64
  /// The virtual address behind the last part.
  private var end: UInt64 = 0

  /// In bytes, of the memory that answers may tell of: the kernel's stub ends at a quarter of it.
  private static let longest = 4 << 20
  /// Whatever a stub sends comes to an end: the kernel's needs a tenth of these.
  private static let mostPieces = 1 << 14
  private var answersLeft = 256

  init(directMapOffset: UInt64) {
    self.directMapOffset = directMapOffset
  }

  enum Progress { case goesOn, done, malformed }

  mutating func take(_ answer: [UInt8]) -> Progress {
    let storage = PacketStorage(answer)
    var cursor = PacketCursor(storage.buffer)
    if cursor.isExactly("l") {
      memory.sort()
      return .done
    }
    answersLeft -= 1
    guard answersLeft > 0, cursor.take(UInt8(ascii: "m")), !cursor.isAtEnd else { return .malformed }
    while !cursor.isAtEnd {
      guard memory.pieceCount < Self.mostPieces, pass(&cursor) else { return .malformed }
      if cursor.isAtEnd { break }
      var bytes: [UInt8] = []
      guard SparseMemory.takePart(&cursor, into: &bytes, atMost: Self.longest - memory.count) else {
        return .malformed
      }
      memory.append(bytes, at: end &- directMapOffset)
      end &+= UInt64(bytes.count)
    }
    return .goesOn
  }

  private mutating func pass(_ cursor: inout PacketCursor) -> Bool {
    let isUp = cursor.take(UInt8(ascii: ">"))
    guard isUp || cursor.take(UInt8(ascii: "<")) else { return true }
    guard let count = cursor.number(), cursor.take(UInt8(ascii: ",")) else { return false }
    end = isUp ? end &+ count : end &- count
    return true
  }
}

extension RemoteProtocolClient {
  /// Reads the kernel's objects, all of one moment; `nil` if the stub cannot tell, or the line damaged what it told.
  ///
  /// The stub sends about `limit` bytes at most, and keeps the target still for that long.
  func readObjects(directMapOffset: UInt64, limit: Int) throws(TargetError) -> GatheredMemory? {
    // Several answers to one request cannot be asked for again.
    guard features.contains(ObjectMemory.packet), !link.acknowledges else { return nil }
    var objects = ObjectMemory(directMapOffset: directMapOffset)
    var isRefused = false
    let isWhole = try exchangeMany(
      "\(ObjectMemory.packet):\(digits(UInt64(limit)))", for: "reading the kernel's objects"
    ) { reply throws(TargetError) in
      isRefused = reply.isEmpty || isErrorReply(reply)
      let progress = isRefused ? .done : objects.take(reply)
      if progress == .malformed { throw reject(reply, for: ObjectMemory.packet) }
      return progress == .goesOn
    }
    return isWhole && !isRefused ? objects.memory : nil
  }
}
