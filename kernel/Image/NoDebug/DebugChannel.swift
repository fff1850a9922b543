internal import KernelArch
internal import KernelCore
internal import KernelObjects
internal import KernelPlatform

/// The seam of an image without a debugger (`make kernel DEBUG=off`): the UART shows what the kernel itself has
/// to say, and is not read.
enum DebugChannel {
  static let isPresent = false

  static func open(_ kernel: VesperKernel, _ memory: inout BootMemoryMap) {}

  static func putChar(_ byte: UInt8) { Image.board.console.send(byte) }

  static func flush() {}

  /// What is typed goes nowhere.
  static func receive() {
    let uart = Image.board.console
    uart.clearInterrupts()
    while uart.receive() != nil {}
  }

  static func handleUserException(_ exception: ExceptionSyndrome, address: UInt64) -> Bool { false }

  static func handleKernelException(
    _ exception: ExceptionSyndrome, frame: inout RegisterFrame, address: UInt64
  ) {
    Panic.report("exception in the kernel", frame, syndrome: exception.word, address: address)
    Processor.halt()
  }

  static func stepAside(at pc: UInt64, _ exception: ExceptionSyndrome) -> Bool { false }
}
