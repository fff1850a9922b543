internal import Glibc

/// The memory of a guest, as far as it was found in the address space of its QEMU.
struct GuestMemory {
  /// A run of the guest's physical addresses.
  struct Piece: Equatable {
    var guest: UInt64
    /// In bytes.
    var size: UInt64
    /// Address in the QEMU's address space.
    var host: UInt64
  }

  let processID: Int32
  /// In the order of the guest's addresses.
  let pieces: [Piece]
  /// The file behind each piece, for a process that may not be traced; none for one that may.
  private let files: [(file: MemoryFile, offset: UInt64)]

  /// - Throws: ``TargetError/notPermitted(processID:reason:)`` if neither the process nor files of its memory may be read.
  init(
    processID: Int32, pieces: [Piece], mappings: [ProcessMapping], prefersFiles: Bool = false
  ) throws(TargetError) {
    self.processID = processID
    self.pieces = pieces.sorted { $0.guest < $1.guest }
    do throws(TargetError) {
      if prefersFiles { throw TargetError.notPermitted(processID: processID, reason: "") }
      let probe = self.pieces.map { MemoryRange(address: $0.host, count: 1) }
      _ = try ProcessMemory(processID: processID).read(probe)
      files = []
    } catch {
      guard case .notPermitted = error,
        let files = Self.files(of: self.pieces, in: processID, mappings)
      else { throw error }
      self.files = files
    }
  }

  /// Reads ranges of guest memory; `nil` for one that does not lie in one piece.
  func read(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    guard files.isEmpty else {
      // The file outlives the process.
      guard isAlive else { throw .closed(during: "reading memory") }
      return ranges.map(readFile)
    }
    var asked: [MemoryRange] = []
    asked.reserveCapacity(ranges.count)
    var isAsked: [Bool] = []
    isAsked.reserveCapacity(ranges.count)
    for range in ranges {
      let place = hostRange(of: range)
      isAsked.append(place != nil)
      if let place { asked.append(place) }
    }
    let answers = try ProcessMemory(processID: processID).read(asked)
    if asked.count == ranges.count { return answers }
    var rest = answers[...]
    return isAsked.map { $0 ? rest.popFirst() ?? nil : nil }
  }

  /// Whether the QEMU has not ended.
  var isAlive: Bool { kill(processID, 0) == 0 || errno != ESRCH }

  /// Where the QEMU has a range of guest memory, in its own address space; `nil` if it does not lie in one piece.
  func hostRange(of range: MemoryRange) -> MemoryRange? {
    place(of: range).map { MemoryRange(address: pieces[$0.piece].host &+ $0.offset, count: range.count) }
  }

  private func readFile(_ range: MemoryRange) -> [UInt8]? {
    guard let place = place(of: range) else { return nil }
    let (file, start) = files[place.piece]
    return file.read(at: start &+ place.offset, count: range.count)
  }

  private func place(of range: MemoryRange) -> (piece: Int, offset: UInt64)? {
    guard range.count >= 0 else { return nil }
    for (index, piece) in pieces.enumerated() where range.address >= piece.guest {
      let offset = range.address - piece.guest
      if offset <= piece.size, UInt64(range.count) <= piece.size - offset { return (index, offset) }
    }
    return nil
  }

  private static func files(
    of pieces: [Piece], in processID: Int32, _ mappings: [ProcessMapping]
  ) -> [(file: MemoryFile, offset: UInt64)]? {
    var files: [(file: MemoryFile, offset: UInt64)] = []
    for piece in pieces {
      guard let mapping = mappings.first(where: { $0.start <= piece.host && piece.host < $0.end }),
        let file = MemoryFile(of: mapping, in: processID)
      else { return nil }
      files.append((file, mapping.fileOffset &+ (piece.host - mapping.start)))
    }
    return files
  }
}
