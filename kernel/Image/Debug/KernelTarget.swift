internal import DeviceTree
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
  private var step: Step?
  /// Where a breakpoint or watchpoint register last stopped the system, which it would do again at once.
  var heldAt: UInt64?

  /// A context that was let go for one instruction.
  private struct Step {
    let thread: ThreadID
    let step: SelfHostedDebug.Step
    /// False for one that only gets past a breakpoint register.
    let isWanted: Bool
    /// Whether the thread alone was let go, and is held afterwards.
    var isAlone = false
  }

  init(kernel: VesperKernel, window: AliasWindow) {
    self.kernel = kernel
    self.window = window
  }

  mutating func send(_ byte: UInt8) { Image.board.console.send(byte) }

  var canReset: Bool {
    if case .none = Image.board.firmware { false } else { true }
  }

  var epoch: UInt64? { kernel.state.epoch }

  var descriptor: ByteBuffer? {
    let section = KernelImage.descriptor
    // Safety: the section is part of the image; the stub only reads it.
    let start = unsafe UnsafeMutableRawPointer(bitPattern: UInt(DirectMap.virtualAddress(section.start)))
    return unsafe ByteBuffer(
      UnsafeMutableRawBufferPointer(start: start, count: Int(section.end &- section.start)))
  }

  /// Whether it was let go alone, and is to be held afterwards.
  var isSteppingAlone: Bool { step?.isAlone ?? false }

  /// Whether a domain was let go for one instruction and has not come back.
  var isSteppingDomain: Bool { step.map { $0.thread != .processor } ?? false }

  /// The system stands still now.
  ///
  /// - Returns: false if it was let go for one instruction that nobody asked for.
  mutating func stop(for reason: StopReason, in context: StoppedContext) -> Bool {
    self.context = context
    SelfHostedDebug.endStep()
    let isWanted = reason != .step || step?.isWanted != false
    if let step, endStep(step), step.isAlone { holdAfterStep(step.thread) }
    step = nil
    heldAt = reason.isOfRegisters ? withFrame(of: currentThread) { $0.pc } : nil
    return isWanted
  }

  /// The system goes on as soon as this returns.
  ///
  /// A thread that is held stays so.
  mutating func resume(_ how: Resumption) {
    let pc = withFrame(of: currentThread) { $0.pc }
    let isHeld = heldAt != nil && heldAt == pc
    if how == .step || isHeld, let thread = threadToStep(at: pc) {
      let begun = withFrame(of: thread) { SelfHostedDebug.beginStep(&$0, ignoringRegisters: isHeld) }
      if let begun { step = Step(thread: thread, step: begun, isWanted: how == .step) }
    } else if how == .step {
      SelfHostedDebug.stepWhereUnmasked()
    }
    context = .user
  }

  /// Takes back what a step needed.
  ///
  /// - Returns: false if the domain has ended in it, by a system call of its own.
  private func endStep(_ step: Step) -> Bool {
    guard isAlive(step.thread) else { return false }
    withFrame(of: step.thread) { SelfHostedDebug.restore(&$0, after: step.step) }
    return true
  }

  /// The kernel cannot be stepped where it returns to user level: there the step is the next instruction of the
  /// domain that it returns to.
  private func threadToStep(at pc: UInt64?) -> ThreadID? {
    guard currentThread == .processor, let pc, KernelImage.isTrapCode(pc) else { return currentThread }
    withFrame(of: .processor) { SelfHostedDebug.mask(&$0) }
    return ThreadID(domain: kernel.state.current)
  }
}

// Steps of one thread while the others run.
extension KernelTarget {
  /// Lets the current domain execute one instruction, after which it is held.
  mutating func beginStepAlone() {
    guard let thread = ThreadID(domain: kernel.state.current) else { return }
    // A breakpoint register that stopped it there has been dealt with: the client takes them out to step.
    let begun = withFrame(of: thread) { SelfHostedDebug.beginStep(&$0, ignoringRegisters: false) }
    if let begun { step = Step(thread: thread, step: begun, isWanted: true, isAlone: true) }
  }

  /// An exception of user code came in a step, or ends one.
  ///
  /// - Returns: the thread that has done its step, if it is to be held now.
  mutating func endStep() -> SteppedThread? {
    SelfHostedDebug.endStep()
    guard let step else { return nil }
    self.step = nil
    guard endStep(step), step.isWanted else { return SteppedThread(thread: step.thread, isBack: false) }
    if step.thread.domain == kernel.state.current { return SteppedThread(thread: step.thread, isBack: true) }
    // Its instruction was a system call that has not returned yet, or it faulted.
    holdAfterStep(step.thread)
    return SteppedThread(thread: step.thread, isBack: false)
  }
}

/// A thread whose one instruction has been executed.
struct SteppedThread {
  let thread: ThreadID
  /// Whether it is back at user level, and current.
  let isBack: Bool
}

extension StopReason {
  /// Whether a breakpoint or watchpoint register matched.
  fileprivate var isOfRegisters: Bool {
    switch self {
    case .hardwareBreakpoint, .watchpoint: true
    default: false
    }
  }
}
