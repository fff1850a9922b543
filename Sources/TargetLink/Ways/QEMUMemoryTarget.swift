/// The memory of a guest, read out of its QEMU's process while it runs (`qemu:`).
///
/// Nothing is written, and neither the QEMU nor its guest notices. Whether the guest runs cannot be seen in its
/// memory: it is taken as running.
package final class QEMUMemoryTarget: Target {
  package let wayIn: String
  package let capabilities: TargetCapabilities = [.readsWhileRunning, .readsAtOnce]
  package let state = RunState.running
  package var directMapOffset: UInt64 = 0xFFFF_0000_0000_0000
  package var onConsoleText: (([UInt8]) -> Void)?

  private let memory: GuestMemory
  private var isDetached = false

  /// Finds the memory of the QEMU that `name` names: its process number, or what its `-name` says.
  package static func attach(to name: String) throws(TargetError) -> QEMUMemoryTarget {
    let emulator = try QEMUDiscovery.emulator(named: name)
    return QEMUMemoryTarget(
      memory: try GuestMemorySearch(emulator: emulator).find(),
      wayIn: TargetSpecification.qemu(name).description)
  }

  init(memory: GuestMemory, wayIn: String) {
    self.memory = memory
    self.wayIn = wayIn
  }

  package var memoryRanges: [MemoryRange]? {
    memory.pieces.map { MemoryRange(address: $0.guest, count: Int(clamping: $0.size)) }
  }

  /// Where the QEMU has ranges of guest memory, in its own address space; `nil` if one is not in one piece.
  package func hostRanges(of ranges: [MemoryRange]) -> [MemoryRange]? {
    let places = ranges.compactMap(memory.hostRange)
    return places.count == ranges.count ? places : nil
  }

  package func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    if isDetached { throw .closed(during: "reading memory") }
    return try memory.read(ranges)
  }

  /// Tells only whether the QEMU is still there.
  package func waitForStop(timeout: Duration) throws(TargetError) -> StopEvent? {
    guard memory.isAlive else { throw .closed(during: "listening") }
    if timeout > .zero { throw .notSupported(operation: "waiting for a stop", way: wayIn) }
    return nil
  }

  package func detach(keepingStop: Bool) { isDetached = true }
}
