internal import KernelArch
internal import KernelObjects
internal import KernelPlatform

/// The end of the line: says why on the UART, past whatever the debug channel is doing with it.
enum Panic {
  static func stop(_ reason: StaticString) -> Never {
    report(reason)
    Processor.halt()
  }

  static func stopNested(pc: UInt64, syndrome: UInt64, address: UInt64) -> Never {
    report("exception while handling an exception of the kernel")
    writeRegister("pc", pc)
    writeRegister("esr", syndrome)
    writeRegister("far", address)
    write("\n")
    Processor.halt()
  }

  /// Says what happened, with the registers of the context that failed.
  static func report(_ reason: StaticString, _ frame: RegisterFrame, syndrome: UInt64, address: UInt64) {
    report(reason)
    writeRegister("pc", frame.pc)
    writeRegister("sp", frame.sp)
    writeRegister("lr", frame.x[30])
    writeRegister("pstate", frame.pstate)
    writeRegister("esr", syndrome)
    writeRegister("far", address)
    for index in 0..<30 {
      write(index % 4 == 0 ? "\n x" : " x")
      if index >= 10 { Image.board.console.send(UInt8(ascii: "0") &+ UInt8(index / 10)) }
      Image.board.console.send(UInt8(ascii: "0") &+ UInt8(index % 10))
      write("=")
      write(hex: frame.x[index])
    }
    write("\n")
  }

  private static func report(_ reason: StaticString) {
    write("\nvesper: panic: ")
    write(reason)
    write("\n")
  }

  private static func writeRegister(_ name: StaticString, _ value: UInt64) {
    write(" ")
    write(name)
    write("=")
    write(hex: value)
  }

  private static func write(_ text: StaticString) {
    for index in 0..<text.utf8CodeUnitCount { unsafe Image.board.console.send(text.utf8Start[index]) }
  }

  /// Sixteen lower-case digits.
  private static func write(hex number: UInt64) {
    for digit in 0..<16 {
      let nibble = UInt8(truncatingIfNeeded: number &>> UInt64(60 &- 4 &* digit)) & 15
      Image.board.console.send(nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ nibble &- 10)
    }
  }
}
