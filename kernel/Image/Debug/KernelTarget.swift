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
  private var heldAt: UInt64?

  /// A context that was let go for one instruction.
  private struct Step {
    let thread: ThreadID
    let step: SelfHostedDebug.Step
    /// False for one that only gets past a breakpoint register.
    let isWanted: Bool
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

  /// Whether a domain was let go for one instruction and has not come back.
  var isSteppingDomain: Bool { step.map { $0.thread != .processor } ?? false }

  /// The system stands still now.
  ///
  /// - Returns: false if it was let go for one instruction that nobody asked for.
  mutating func stop(for reason: StopReason, in context: StoppedContext) -> Bool {
    self.context = context
    SelfHostedDebug.endStep()
    // A domain may have ended in its step, by a system call of its own.
    if let step, isAlive(step.thread) {
      withFrame(of: step.thread) { SelfHostedDebug.restore(&$0, after: step.step) }
    }
    let isWanted = reason != .step || step?.isWanted != false
    step = nil
    heldAt = reason.isOfRegisters ? withFrame(of: currentThread) { $0.pc } : nil
    return isWanted
  }

  /// The system goes on as soon as this returns.
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

  /// The kernel cannot be stepped where it returns to user level: there the step is the next instruction of the
  /// domain that it returns to.
  private func threadToStep(at pc: UInt64?) -> ThreadID? {
    guard currentThread == .processor, let pc, KernelImage.isTrapCode(pc) else { return currentThread }
    withFrame(of: .processor) { SelfHostedDebug.mask(&$0) }
    return ThreadID(domain: kernel.state.current)
  }
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
