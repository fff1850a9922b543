internal import KernelObjects
internal import LibVesper

/// The root domain: builds the whole system out of its own Untyped, then watches over it. Argument: virtual
/// address of `BootInfo`.
@main
struct Root {
  private let program = Program(name: "root")

  static func main() { Root().run(bootInfoAddress: Program.arguments[0]) }

  private func run(bootInfoAddress: UInt64) -> Never {
    // Safety: boot mapped the page for reading and passed its address; the magic tells if it did not.
    guard let bootInfo = unsafe UnsafePointer<BootInfo>(bitPattern: UInt(bootInfoAddress)),
      unsafe bootInfo.pointee.magic == BootInfo.magicValue
    else {
      program.console.print("no boot information at \(hexadecimal: bootInfoAddress)")
      program.stop()
    }
    var step: StaticString = "start"
    do {
      let system = try unsafe System(bootInfo.pointee, step: &step)
      program.console.print("\(UInt64(Member.count)) domains started")
      step = "fault endpoint"
      try system.reportFaults(on: program.console)
    } catch {
      program.stop(at: step, error)
    }
  }
}
