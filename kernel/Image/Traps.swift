internal import KernelArch
internal import KernelObjects

// What vectors.S calls. The first three return the virtual address of the RegisterFrame to resume, or 0 to
// idle; interrupts are masked throughout.

@c(vesper_system_call)
public func vesperSystemCall() -> UInt64 {
  Panic.stop("system call without a domain")
}

@c(vesper_interrupt)
public func vesperInterrupt() -> UInt64 { 0 }

@c(vesper_fault)
public func vesperFault(syndrome: UInt64, address: UInt64) -> UInt64 {
  Panic.stop("fault without a domain")
}

/// An exception of the kernel itself. Returning continues the frame, changed or not.
@c(vesper_kernel_exception)
public func vesperKernelException(frame: UInt64, syndrome: UInt64, address: UInt64) {
  // Safety: vectors.S saved a whole RegisterFrame there.
  guard let frame = unsafe UnsafeMutablePointer<RegisterFrame>(bitPattern: UInt(frame)) else { return }
  unsafe Panic.stop("exception in the kernel", frame.pointee, syndrome: syndrome, address: address)
}

/// An exception while one of the kernel's own was being handled: nothing more can be saved.
@c(vesper_nested_exception)
public func vesperNestedException(pc: UInt64, syndrome: UInt64, address: UInt64) {
  Console.write("\nvesper: panic: exception while handling an exception of the kernel\n")
  Panic.writeRegister("pc", pc)
  Panic.writeRegister("esr", syndrome)
  Panic.writeRegister("far", address)
  Console.write("\n")
  Processor.halt()
}
