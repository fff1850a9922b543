internal import GDBProtocol
internal import GDBStub
internal import GDBStubAArch64
internal import KernelArch
internal import KernelCore
internal import KernelObjects
internal import KernelPlatform

/// What the processor was executing when the system was stopped.
enum StoppedContext {
  /// The current domain, whose registers are in its object; with none, the processor was waiting.
  case user
  /// The kernel itself; virtual address of its RegisterFrame.
  case kernel(UInt64)
}

/// The running kernel as the GDB stub sees it.
struct KernelTarget: StubTarget {
  typealias Architecture = AArch64

  let kernel: VesperKernel
  let window: AliasWindow
  /// What was stopped; user code while the system runs.
  private(set) var context = StoppedContext.user
  var hardwareBreakpoints = HardwareBreakpoints()
  private var step: Step?

  /// A context that was let go for one instruction.
  private struct Step {
    let thread: ThreadID
    let pstate: UInt64
  }

  init(kernel: VesperKernel, window: AliasWindow) {
    self.kernel = kernel
    self.window = window
  }

  mutating func send(_ byte: UInt8) { Image.board.console.send(byte) }

  var epoch: UInt64? { kernel.state.epoch }

  var descriptor: ByteBuffer? {
    let section = KernelImage.descriptor
    // Safety: the section is part of the image; the stub only reads it.
    let start = unsafe UnsafeMutableRawPointer(bitPattern: UInt(DirectMap.virtualAddress(section.start)))
    return unsafe ByteBuffer(
      UnsafeMutableRawBufferPointer(start: start, count: Int(section.end &- section.start)))
  }

  /// The system stands still now.
  mutating func stop(in context: StoppedContext) {
    self.context = context
    SelfHostedDebug.endStep()
    // A domain may have ended in its step, by a system call of its own.
    if let step, isAlive(step.thread) {
      withFrame(of: step.thread) { SelfHostedDebug.restore(&$0, before: step.pstate) }
    }
    step = nil
  }

  /// Whether a domain was let go for one instruction and has not come back.
  var isSteppingDomain: Bool { step.map { $0.thread != .processor } ?? false }

  /// The system goes on as soon as this returns.
  mutating func resume(_ how: Resumption) {
    if how == .step {
      let thread = currentThread
      let before = withFrame(of: thread) { SelfHostedDebug.beginStep(&$0) }
      if let before { step = Step(thread: thread, pstate: before) }
    }
    context = .user
  }
}
