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
  /// Whether the debugger's code is at work: an exception meanwhile is its own and cannot be told to anybody.
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
    guard unsafe !isBusy, unsafe stub != nil else { return Image.board.console.send(byte) }
    serve { withStub { $0.console(byte) } }
  }

  /// Sends what there is of a line of text that has not ended yet.
  static func flush() { serve { withStub { $0.flushConsole() } } }

  /// The UART's interrupt.
  static func receive() {
    serve {
      let uart = Image.board.console
      uart.clearInterrupts()
      while let byte = uart.receive() {
        var directive = Directive.none
        withStub { directive = $0.receive(byte) }
        if directive == .reset { Image.board.reset() }
        if directive == .stop { stop(.interrupt, in: .user) }
      }
    }
  }

  /// Whether an exception of user code was the debugger's.
  @inline(__always)
  static func handleUserException(_ exception: ExceptionSyndrome, address: UInt64) -> Bool {
    exception.mayBeOfDebugger && handleDebugException(exception, address: address)
  }

  @inline(never)
  private static func handleDebugException(_ exception: ExceptionSyndrome, address: UInt64) -> Bool {
    serve {
      let current = Image.kernel.current
      // Domains are brought into this state by a debugger only.
      if exception.exceptionClass == .illegalState {
        meetHeldDomain()
        return true
      }
      guard let reason = debugReason(exception, pc: current.object.registers.pc, address: address) else {
        return false
      }
      // A breakpoint register at which it had stopped comes before its mark. (Another domain's step, which is over by
      // this one's dispatch, comes first of all.)
      if current.object.hold != DomainHold.none.rawValue, exception.exceptionClass != .stepFromUser {
        meetHeldDomain()
      } else if !holds(reason) {
        stop(reason, in: .user)
      }
      return true
    }
  }

  /// The current domain trapped by the mark of those that are held.
  private static func meetHeldDomain() {
    var stopsAll = false
    withStub { stub in
      guard stub.target.meetHeldDomain(), let thread = ThreadID(domain: Image.kernel.state.current) else {
        return
      }
      stopsAll = stub.isSteppingOneThread
      if !stopsAll { hold(thread, for: .step, &stub) }
    }
    if stopsAll { stop(.step, in: .user) }
  }

  /// Whether this stop is of one thread alone, which is held now, or of none at all.
  private static func holds(_ reason: StopReason) -> Bool {
    var isHeld = false
    withStub { stub in
      guard stub.isNonStop || stub.target.isSteppingAlone else { return }
      let stepped = stub.target.endStep()
      // One domain's step was ended by another one's first instruction.
      isHeld = reason == .step && stepped?.isBack == false
      guard !isHeld, !stub.isSteppingOneThread, let thread = ThreadID(domain: Image.kernel.state.current)
      else {
        return
      }
      hold(thread, for: reason, &stub)
      isHeld = true
    }
    return isHeld
  }

  private static func hold(_ thread: ThreadID, for reason: StopReason, _ stub: inout GDBStub<KernelTarget>) {
    // The client that asked for it may have gone: then the next one finds it held.
    if stub.target.hold(thread, for: reason) { stub.announceStop() }
  }

  /// Stops the system for the debugger, which may come later, and lets it repair the frame.
  static func handleKernelException(
    _ exception: ExceptionSyndrome, frame: inout RegisterFrame, address: UInt64
  ) {
    if unsafe isBusy, stepAside(at: frame.pc, exception) { return }
    if exception.exceptionClass == .step, isSteppingDomain {
      // Its instruction was a system call, or faulted: it stops when it, or another one, is back at user level.
      SelfHostedDebug.mask(&frame)
      return
    }
    let reason = unsafe isBusy ? nil : debugReason(exception, pc: frame.pc, address: address)
    if reason == nil {
      Panic.report("exception in the kernel", frame, syndrome: exception.word, address: address)
      if unsafe isBusy || stub == nil { Processor.halt() }
    }
    // Safety: the frame is not used otherwise until `stop` returns.
    unsafe withUnsafeMutablePointer(to: &frame) { frame in
      serve { stop(reason ?? .exception(exception.signal), in: .kernel(UInt64(UInt(bitPattern: frame)))) }
    }
  }

  /// Takes a breakpoint out of the way that the debugger has met in code which it shares with the kernel.
  /// Returns false if the exception is another one.
  static func stepAside(at pc: UInt64, _ exception: ExceptionSyndrome) -> Bool {
    guard exception.exceptionClass == .breakInstruction, let stub = unsafe stub else { return false }
    // Safety: the stub allows this call within others.
    return unsafe stub.pointee.putAside(breakpointAt: pc)
  }

  private static var isSteppingDomain: Bool {
    guard unsafe !isBusy, let stub = unsafe stub else { return false }
    return unsafe stub.pointee.target.isSteppingDomain
  }

  /// Why the debugger wants to stop there; nil if the exception is none of its own.
  private static func debugReason(_ exception: ExceptionSyndrome, pc: UInt64, address: UInt64) -> StopReason?
  {
    switch exception.exceptionClass {
    case .breakInstruction:
      var isSet = false
      withStub { isSet = $0.hasBreakpoint(at: pc) }
      return isSet ? .breakpoint : nil
    case .step, .stepFromUser: return .step
    case .breakpoint, .breakpointFromUser: return .hardwareBreakpoint
    case .watchpoint, .watchpointFromUser:
      return KernelTarget.watchpoint(metBy: exception.watchedAccess, at: address)
    default: return nil
    }
  }

  /// The system stands still, and the debugger has it, until it says otherwise.
  private static func stop(_ reason: StopReason, in context: StoppedContext) {
    withStub { stub in
      guard stub.target.stop(for: reason, in: context) else { return stub.target.resume(.run) }
      let stopped = GenericTimer.now
      GenericTimer.stop()
      stub.target.resume(goesOn(after: reason, &stub) ?? converse(&stub))
      Image.kernel.resumeTime(stoppedAt: stopped)
    }
  }

  /// How the system goes on if nobody waits for this stop: in the middle of a range that is stepped through. The
  /// line is looked at in between, since interrupts are masked while a context is stepped.
  private static func goesOn(after reason: StopReason, _ stub: inout GDBStub<KernelTarget>) -> Resumption? {
    guard case .resume(let how) = stub.stopped(reason) else { return nil }
    if let byte = Image.board.console.receive(), stub.receive(byte) == .stop {
      stub.stopped(.interrupt)
      return nil
    }
    return how
  }

  /// Serves the line until the debugger lets the system go on.
  private static func converse(_ stub: inout GDBStub<KernelTarget>) -> Resumption {
    let uart = Image.board.console
    while true {
      uart.clearInterrupts()
      while let byte = uart.receive() {
        switch stub.receive(byte) {
        case .resume(let how): return how
        case .reset: Image.board.reset()
        case .none, .stop, .input: break
        }
      }
      Processor.waitForInterrupt()
    }
  }

  /// Does the debugger's work. Breakpoints and watchpoints in it do not stop.
  private static func serve<Result>(_ body: () -> Result) -> Result {
    SelfHostedDebug.whileMasked {
      unsafe isBusy = true
      defer { unsafe isBusy = false }
      return body()
    }
  }

  private static func withStub(_ body: (inout GDBStub<KernelTarget>) -> Void) {
    guard let stub = unsafe stub else { return }
    unsafe body(&stub.pointee)
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
