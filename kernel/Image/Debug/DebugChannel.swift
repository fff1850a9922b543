internal import GDBStub
internal import KernelArch
internal import KernelCore
internal import KernelObjects
internal import KernelPlatform

/// The seam between the kernel and its debugger: nothing else in the image knows that there is one.
///
/// The UART carries GDB's remote protocol and, while no debugger is attached, plain console text.
enum DebugChannel {
  static let isPresent = true

  /// Set once by `open`; the stub lives in memory that boot allocated.
  nonisolated(unsafe) private static var stub: UnsafeMutablePointer<GDBStub<KernelTarget>>?
  /// Whether the stub is at work: an exception meanwhile is its own and cannot be told to it.
  nonisolated(unsafe) private static var isBusy = false

  /// Bytes for the stub's packets; see `GDBStub.init`.
  private static let storageSize = 8192

  static func open(_ kernel: VesperKernel, _ memory: inout BootMemoryMap) {
    let storage = memory.allocate(size: storageSize)
    let place = memory.allocate(size: MemoryLayout<GDBStub<KernelTarget>>.size)
    let target = KernelTarget(kernel: kernel, window: memory.makeWindow())
    // Safety: boot gave both pieces of memory to nobody else.
    let start = unsafe UnsafeMutableRawPointer(bitPattern: UInt(DirectMap.virtualAddress(storage)))
    let buffer = unsafe UnsafeMutableRawBufferPointer(start: start, count: storageSize)
    unsafe stub = UnsafeMutablePointer(bitPattern: UInt(DirectMap.virtualAddress(place)))
    unsafe stub?.initialize(to: GDBStub(target: target, storage: buffer))
    SelfHostedDebug.enable()
  }

  /// Prints one byte of console text.
  static func putChar(_ byte: UInt8) {
    guard unsafe !isBusy else { return Image.board.console.send(byte) }
    if withStub({ $0.console(byte) }) == nil { Image.board.console.send(byte) }
  }

  /// Sends what there is of a line of text that has not ended yet.
  static func flush() { _ = withStub { $0.flushConsole() } }

  /// The UART's interrupt.
  static func receive() {
    let uart = Image.board.console
    uart.clearInterrupts()
    while let byte = uart.receive() {
      let directive = withStub { $0.receive(byte) }
      if directive == .stop { stop(.interrupt, in: .user) }
    }
  }

  /// Whether an exception of user code was the debugger's.
  static func handleUserException(_ exception: ExceptionSyndrome, address: UInt64) -> Bool {
    guard let reason = debugReason(exception, pc: Image.kernel.current.object.registers.pc, address: address)
    else { return false }
    stop(reason, in: .user)
    return true
  }

  /// Stops the system for the debugger, which may come later, and lets it repair the frame.
  static func handleKernelException(
    _ exception: ExceptionSyndrome, frame: inout RegisterFrame, address: UInt64
  ) {
    if exception.exceptionClass == .step, unsafe !isBusy, withStub({ $0.target.isSteppingDomain }) == true {
      // The domain's instruction was a system call: it stops when it, or another domain, is back at user level.
      SelfHostedDebug.mask(&frame)
      return
    }
    let reason = unsafe isBusy ? nil : debugReason(exception, pc: frame.pc, address: address)
    if reason == nil {
      Panic.report("exception in the kernel", frame, syndrome: exception.word, address: address)
      if unsafe isBusy { Processor.halt() }
    }
    // Safety: the frame is not used otherwise until `stop` returns.
    unsafe withUnsafeMutablePointer(to: &frame) {
      stop(reason ?? .exception(exception.signal), in: .kernel(UInt64(UInt(bitPattern: $0))))
    }
  }

  /// Why the debugger wants to stop there; nil if the exception is none of its own.
  private static func debugReason(_ exception: ExceptionSyndrome, pc: UInt64, address: UInt64) -> StopReason?
  {
    switch exception.exceptionClass {
    case .breakInstruction: withStub { $0.hasBreakpoint(at: pc) } == true ? .breakpoint : nil
    case .step, .stepFromUser: .step
    case .breakpoint, .breakpointFromUser: .hardwareBreakpoint
    case .watchpoint, .watchpointFromUser: withStub { $0.target.watchpoint(hitBy: address) }
    default: nil
    }
  }

  /// The system stands still, and the debugger has it, until it says otherwise.
  private static func stop(_ reason: StopReason, in context: StoppedContext) {
    // Until user level: a step that is ordered meanwhile must not be one of the kernel's own.
    SelfHostedDebug.mask()
    GenericTimer.stop()
    _ = withStub {
      $0.target.stop(in: context)
      $0.stopped(reason)
    }
    let how = converse()
    _ = withStub { $0.target.resume(how) }
    if Image.kernel.state.current != 0 { Image.kernel.machine.startTick() }
  }

  /// Serves the line until the debugger lets the system go on.
  private static func converse() -> Resumption {
    let uart = Image.board.console
    while true {
      uart.clearInterrupts()
      while let byte = uart.receive() {
        if case .resume(let how)? = withStub({ $0.receive(byte) }) { return how }
      }
      Processor.waitForInterrupt()
    }
  }

  private static func withStub<Result>(_ body: (inout GDBStub<KernelTarget>) -> Result) -> Result? {
    guard let stub = unsafe stub else { return nil }
    unsafe isBusy = true
    defer { unsafe isBusy = false }
    return SelfHostedDebug.masked { unsafe body(&stub.pointee) }
  }
}

extension ExceptionSyndrome {
  /// How gdb calls it.
  fileprivate var signal: Signal {
    switch exceptionClass {
    case .instructionAbort, .dataAbort: .segmentation
    case .pcAlignment, .spAlignment: .bus
    case .unknown, .illegalState: .illegalInstruction
    case .breakInstruction: .abort
    default: .trap
    }
  }
}
