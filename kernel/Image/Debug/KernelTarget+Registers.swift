internal import GDBStub
internal import GDBStubAArch64
internal import KernelArch
internal import KernelCore
internal import KernelObjects

// Registers come from the RegisterFrame into which the context was saved, and go there.
extension KernelTarget {
  mutating func readRegister(_ number: Int, of thread: ThreadID) -> RegisterContents? {
    guard let register = AArch64Register(number: number) else { return nil }
    if let words = floatingPointWords(of: register) { return readFloatingPoint(words, of: thread) }
    if case .system(let register) = register { return RegisterContents(register.value) }
    if thread == .processor, isWaiting { return RegisterContents(idleRegister(register)) }
    return withFrame(of: thread) { frame in
      switch register {
      case .general(let index): RegisterContents(frame.x[index])
      case .stackPointer: RegisterContents(frame.sp)
      case .programCounter: RegisterContents(frame.pc)
      default: RegisterContents(frame.pstate & ~HeldState.illegalExecution)
      }
    }
  }

  mutating func writeRegister(_ number: Int, of thread: ThreadID, to value: RegisterContents) -> Bool {
    guard let register = AArch64Register(number: number) else { return false }
    if let words = floatingPointWords(of: register) {
      return writeFloatingPoint(words, of: thread, to: value)
    }
    let value = value.low
    return withFrame(of: thread) { frame in
      switch register {
      case .general(let index): frame.x[index] = value
      case .stackPointer: frame.sp = value
      case .programCounter: frame.pc = value
      case .processorState:
        // The rest would change the exception level or unmask what the kernel keeps masked.
        let held = frame.pstate & HeldState.illegalExecution
        guard (frame.pstate ^ held ^ value) & ~Self.conditionFlags == 0 else { return false }
        frame.pstate = value | held
      default: return false
      }
      return true
    } ?? false
  }

  /// N, Z, C and V.
  private static var conditionFlags: UInt64 { 0xf000_0000 }

  /// EL1 on its own stack, everything masked.
  private static var kernelState: UInt64 { 0x3c5 }

  /// While the processor waits, no registers are saved: nothing in them matters but where it is.
  private func idleRegister(_ register: AArch64Register) -> UInt64 {
    switch register {
    case .stackPointer: KernelImage.idle.sp
    case .programCounter: KernelImage.idle.pc
    case .processorState: Self.kernelState
    default: 0
    }
  }

  /// Calls `body` with the saved registers of a thread; nil if it has none.
  func withFrame<Result>(of thread: ThreadID, _ body: (inout RegisterFrame) -> Result) -> Result? {
    guard let address = frameAddress(of: thread) else { return nil }
    // Safety: either the frame of the exception being handled, or the start of an existing Domain.
    guard let frame = unsafe UnsafeMutablePointer<RegisterFrame>(bitPattern: UInt(address)) else {
      return nil
    }
    return unsafe body(&frame.pointee)
  }

  private func frameAddress(of thread: ThreadID) -> UInt64? {
    if thread == .processor {
      if case .kernel(let frame) = context { return frame }
      return nil
    }
    return isAlive(thread) ? DirectMap.virtualAddress(thread.domain) : nil
  }
}

extension AArch64SystemRegister {
  fileprivate var value: UInt64 {
    switch self {
    case .ttbr0: SystemRegister.ttbr0.value
    case .ttbr1: SystemRegister.ttbr1.value
    case .esr: SystemRegister.esr.value
    case .far: SystemRegister.far.value
    case .elr: SystemRegister.elr.value
    case .spsr: SystemRegister.spsr.value
    case .vbar: SystemRegister.vbar.value
    case .sctlr: SystemRegister.sctlr.value
    case .tcr: SystemRegister.tcr.value
    case .mair: SystemRegister.mair.value
    case .contextidr: SystemRegister.contextidr.value
    case .tpidr: SystemRegister.tpidr.value
    case .currentEL: SystemRegister.currentEL.value
    }
  }
}
