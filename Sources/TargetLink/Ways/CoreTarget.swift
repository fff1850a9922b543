/// A system as it was when its memory was written to a file (`core:`).
package final class CoreTarget: Target {
  package let wayIn: String
  package let state = RunState.stopped(StopEvent(.interrupt))
  package var directMapOffset: UInt64 = 0xFFFF_0000_0000_0000
  package var onConsoleText: (([UInt8]) -> Void)?
  private let core: CoreFile

  /// Opens an ELF core of physical memory, as QEMU's `dump-guest-memory` and `vesper save` make it.
  package init(path: String) throws(TargetError) {
    wayIn = TargetSpecification.core(path).description
    core = try CoreFile(path: path)
  }

  package var capabilities: TargetCapabilities {
    core.registers.isEmpty ? [.readsWhileRunning] : [.readsWhileRunning, .registers]
  }

  package var memoryRanges: [MemoryRange]? {
    core.segments.map { MemoryRange(address: $0.address, count: Int(clamping: $0.size)) }
  }

  package var defects: [TargetDefect] { core.defects }

  package func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    ranges.map(core.read)
  }

  package func readRegisters() throws(TargetError) -> [RegisterValue] {
    guard !core.registers.isEmpty else { throw .notSupported(operation: "reading registers", way: wayIn) }
    return core.registers
  }

  package func waitForStop(timeout: Duration) throws(TargetError) -> StopEvent? { StopEvent(.interrupt) }

  package func detach(keepingStop: Bool) {}
}
