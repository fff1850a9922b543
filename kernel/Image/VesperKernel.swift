internal import KernelArch
internal import KernelCore
internal import KernelObjects
internal import KernelPlatform

/// The kernel of this image: the portable core on this processor and board.
typealias BoardMachine = AArch64Machine<Image>
typealias VesperKernel = Kernel<BoardMachine>

/// What there is one of. It is set while booting and constant from then on.
enum Image: MachineEnvironment {
  /// Until the device tree was read, the board as it usually is.
  nonisolated(unsafe) private static var knownBoard = QEMUVirt.usual
  nonisolated(unsafe) private static var ticks: UInt64 = 0
  nonisolated(unsafe) private static var state = Reference<KernelState>.none

  static var board: QEMUVirt {
    get { unsafe knownBoard }
    set { unsafe knownBoard = newValue }
  }

  static var tickCounts: UInt64 { unsafe ticks }

  static var kernel: VesperKernel {
    @inline(__always) get { unsafe VesperKernel(machine: BoardMachine(), state: state) }
  }

  /// Slice ticks in a second.
  private static let tickFrequency: UInt64 = 100

  /// - Parameter state: physical address of a zeroed `KernelState`.
  static func prepare(state: UInt64) {
    unsafe self.state = Reference(state)
    unsafe ticks = GenericTimer.frequency / tickFrequency
  }

  static func putChar(_ byte: UInt8) { DebugChannel.putChar(byte) }
}
