internal import KernelArch
internal import KernelCore
internal import KernelObjects
internal import KernelPlatform

/// The seam between the kernel and its debugger; without one, the UART is a console for text alone.
enum DebugChannel {
  static let isPresent = true

  static func open(_ kernel: VesperKernel) { unsafe Panic.uart = kernel.machine.board.console }

  static func putChar(_ byte: UInt8) { unsafe Panic.uart.send(byte) }

  /// The UART's interrupt: what is typed goes nowhere.
  static func receive() {
    let uart = unsafe Panic.uart
    uart.clearInterrupts()
    while uart.receive() != nil {}
  }

  /// Whether an exception of user code was the debugger's.
  static func handleUserException(_ exception: ExceptionSyndrome, address: UInt64) -> Bool { false }

  static func handleKernelException(_ exception: ExceptionSyndrome, frame: UInt64, address: UInt64) {
    // Safety: vectors.S saved a whole RegisterFrame there.
    guard let frame = unsafe UnsafePointer<RegisterFrame>(bitPattern: UInt(frame)) else { return }
    unsafe Panic.report("exception in the kernel", frame.pointee, syndrome: exception.word, address: address)
    Processor.halt()
  }
}
