internal import KernelArch
internal import KernelCore
internal import KernelPlatform

/// The kernel of this image: the portable core on this processor and board.
typealias BoardMachine = AArch64Machine<QEMUVirt, Console>
typealias VesperKernel = Kernel<BoardMachine>

enum Image {
  /// The one kernel, from the moment when boot has made it.
  nonisolated(unsafe) static var instance: VesperKernel?

  /// Safety: exceptions come from user level alone, which exists only after boot.
  @inline(__always)
  static var kernel: VesperKernel { unsafe instance.unsafelyUnwrapped }
}
