internal import KernelArch
internal import KernelCore
internal import KernelObjects
internal import KernelPlatform

// What vectors.S calls. The first three return the virtual address of the RegisterFrame to resume, or 0 to
// idle; interrupts are masked throughout.

/// Nothing that ran so far runs again.
///
/// - Parameter frame: what `vesper_main` returned.
/// - Returns: the same, for `resume_context`.
@c(vesper_end_boot)
public func vesperEndBoot(frame: UInt64) -> UInt64 {
  let code = KernelImage.bootText
  KernelMap.active.protect(code.start, code.end, .readOnly)
  return frame
}

@c(vesper_system_call)
public func vesperSystemCall() -> UInt64 { Image.kernel.handleSystemCall() }

@c(vesper_interrupt)
public func vesperInterrupt() -> UInt64 {
  let kernel = Image.kernel
  let board = Image.board
  guard let acknowledged = board.interruptController.acknowledge() else { return kernel.currentFrame }
  // Ended first: wherever a debugger stops the system, the UART must be able to wake the processor.
  board.interruptController.end(acknowledged)
  let interrupt = UInt64(acknowledged & 0x3ff)
  if interrupt == board.timerInterrupt { return kernel.tick() }
  if interrupt == board.consoleInterrupt {
    DebugChannel.receive()
    return kernel.currentFrame
  }
  return kernel.handleInterrupt(interrupt)
}

@c(vesper_fault)
public func vesperFault(syndrome: UInt64, address: UInt64) -> UInt64 {
  let exception = ExceptionSyndrome(word: syndrome)
  if exception.isFloatingPointAccess { return Image.kernel.handleFloatingPointAccess() }
  let address = exception.setsFaultAddress ? address : 0
  if DebugChannel.handleUserException(exception, address: address) { return Image.kernel.currentFrame }
  return Image.kernel.handleFault(exception.faultKind, address: address, syndrome: syndrome)
}

/// No domain can run; the processor is about to wait.
@c(vesper_idle)
public func vesperIdle() { DebugChannel.flush() }

/// An exception of the kernel itself. Returning continues the frame, changed or not.
@c(vesper_kernel_exception)
public func vesperKernelException(frame: UInt64, syndrome: UInt64, address: UInt64) {
  // Safety: vectors.S saved a whole RegisterFrame there.
  guard let frame = unsafe UnsafeMutablePointer<RegisterFrame>(bitPattern: UInt(frame)) else { return }
  if let continuation = unsafe Probe.continuation(of: frame.pointee.pc) {
    unsafe frame.pointee.pc = continuation
    return
  }
  unsafe DebugChannel.handleKernelException(
    ExceptionSyndrome(word: syndrome), frame: &frame.pointee, address: address)
}

/// An exception while one of the kernel's own is being handled. Returning continues the frame.
@c(vesper_nested_exception)
public func vesperNestedException(frame: UInt64, syndrome: UInt64, address: UInt64) {
  // Safety: vectors.S saved a whole RegisterFrame there.
  guard let frame = unsafe UnsafeMutablePointer<RegisterFrame>(bitPattern: UInt(frame)) else { return }
  let pc = unsafe frame.pointee.pc
  if let continuation = Probe.continuation(of: pc) {
    unsafe frame.pointee.pc = continuation
  } else if !DebugChannel.stepAside(at: pc, ExceptionSyndrome(word: syndrome)) {
    Panic.stopNested(pc: pc, syndrome: syndrome, address: address)
  }
}

/// One more: nothing can be saved.
@c(vesper_exception_overrun)
public func vesperExceptionOverrun(pc: UInt64, syndrome: UInt64, address: UInt64) {
  Panic.stopNested(pc: pc, syndrome: syndrome, address: address)
}
