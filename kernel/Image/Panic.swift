internal import KernelArch
internal import KernelObjects

/// The end of the line: says why on the console and waits for ever.
enum Panic {
  static func stop(_ reason: StaticString) -> Never {
    Console.write("\nvesper: panic: ")
    Console.write(reason)
    Console.write("\n")
    Processor.halt()
  }

  /// A panic with the registers of the context that failed.
  static func stop(
    _ reason: StaticString, _ frame: borrowing RegisterFrame, syndrome: UInt64, address: UInt64
  ) -> Never {
    Console.write("\nvesper: panic: ")
    Console.write(reason)
    Console.write("\n")
    writeRegister("pc", frame.pc)
    writeRegister("pstate", frame.pstate)
    writeRegister("esr", syndrome)
    writeRegister("far", address)
    writeRegister("sp", frame.sp)
    for index in 0..<31 {
      Console.write(index % 4 == 0 ? "\n" : "")
      Console.write(" x")
      if index >= 10 { Console.putChar(UInt8(ascii: "0") + UInt8(index / 10)) }
      Console.putChar(UInt8(ascii: "0") + UInt8(index % 10))
      Console.write("=")
      Console.write(hex: frame.x[index])
    }
    Console.write("\n")
    Processor.halt()
  }

  static func writeRegister(_ name: StaticString, _ value: UInt64) {
    Console.write(" ")
    Console.write(name)
    Console.write("=")
    Console.write(hex: value)
  }
}
