internal import KernelObjects

/// Finds the guest's memory among the mappings of a QEMU.
///
/// The mapping of exactly the memory's size is it. If several have that size (64 MiB is the size of `virt`'s flash
/// memories too), the one is it that holds a Vesper kernel's descriptor; else the QEMU's monitor is asked, if it
/// serves anybody. Looking comes before asking, since a monitor may be somebody else's and what is looked at does
/// not notice.
struct GuestMemorySearch {
  let emulator: RunningEmulator
  /// How long a monitor may take for its greeting: one that serves somebody else is silent.
  var monitorTimeout = Duration.milliseconds(500)
  private static let pageSize: UInt64 = 4096
  /// How far from its start a memory is looked through for a kernel, in bytes.
  private static let kernelSpan: UInt64 = 64 << 20
  /// What large pages round a memory's size up to, in bytes.
  private static let largePages: [UInt64] = [2 << 20, 1 << 30]
  /// How a kernel's descriptor begins.
  static let magic = [DescriptorHeader.magic0Value, DescriptorHeader.magic1Value]
    .flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }

  func find(prefersFiles: Bool = false) throws(TargetError) -> GuestMemory {
    let processID = emulator.processID
    guard let mappings = ProcessMapping.list(ofProcess: processID) else {
      if ProcessAccess.owner(of: processID) == nil { throw .noSuchEmulator(String(processID), list: []) }
      throw .notPermitted(processID: processID, reason: ProcessAccess.refusal(processID))
    }
    // Each guess is a memory of its own, so that it can be looked into by whatever way it can be read.
    var guesses: [GuestMemory] = []
    for piece in candidates(mappings) {
      guesses.append(
        try GuestMemory(
          processID: processID, pieces: [piece], mappings: mappings, prefersFiles: prefersFiles))
    }
    if guesses.count == 1 { return guesses[0] }
    var kernels: [GuestMemory] = []
    for guess in guesses where try holdsKernel(guess) { kernels.append(guess) }
    if kernels.count == 1 { return kernels[0] }
    if let pieces = askMonitors(mappings) {
      return try GuestMemory(
        processID: processID, pieces: pieces, mappings: mappings, prefersFiles: prefersFiles)
    }
    throw .memoryNotFound(processID: processID, reason: Self.reason(emulator, guesses: guesses.count))
  }

  /// Mappings that may be the memory: those of its size, else those of that size in large pages.
  func candidates(_ mappings: [ProcessMapping]) -> [GuestMemory.Piece] {
    guard let base = emulator.memoryBase, let size = emulator.memorySize, !emulator.hasSeveralMemories else {
      return []
    }
    let writable = mappings.filter(\.isWritable)
    for rounding in [Self.pageSize] + Self.largePages {
      let rounded = (size &+ (rounding - 1)) & ~(rounding - 1)
      let matches = ProcessMapping.runs(of: rounded, in: writable)
      if !matches.isEmpty {
        return matches.map { GuestMemory.Piece(guest: base, size: size, host: $0.start) }
      }
    }
    return []
  }

  /// Whether a page of the memory begins as a kernel's descriptor does.
  private func holdsKernel(_ memory: GuestMemory) throws(TargetError) -> Bool {
    guard let piece = memory.pieces.first else { return false }
    let pages = min(piece.size, Self.kernelSpan) / Self.pageSize
    let words = try memory.read(
      (0..<pages).map { MemoryRange(address: piece.guest + $0 * Self.pageSize, count: 16) })
    return words.contains { $0 == Self.magic }
  }

  /// The first answer of the emulator's monitors that its address space bears out.
  private func askMonitors(_ mappings: [ProcessMapping]) -> [GuestMemory.Piece]? {
    for address in emulator.monitors {
      guard
        let monitor = try? QEMUMonitor(
          address: address, processID: emulator.processID, timeout: monitorTimeout),
        let pieces = try? monitor.guestMemory(), !pieces.isEmpty
      else { continue }
      let areMapped = pieces.allSatisfy { ProcessMapping.covers($0.host, size: $0.size, in: mappings) }
      if areMapped { return pieces }
    }
    return nil
  }

  private static func reason(_ emulator: RunningEmulator, guesses: Int) -> String {
    let what =
      if guesses > 1 {
        "\(guesses) of its mappings are as large as its memory, and not exactly one holds a Vesper kernel"
      } else if emulator.hasSeveralMemories {
        "its memory consists of several parts"
      } else if emulator.memoryBase == nil {
        "where a machine `\(emulator.machine ?? "?")` has its memory is not known"
      } else {
        "none of its mappings is as large as its memory"
      }
    return "\(what), and no monitor of it answers; start it with `-qmp unix:PATH,server=on,wait=off`"
  }
}
