internal import KernelObjects
internal import LibVesper

/// The root domain: builds the whole system out of its own Untyped, then watches over it. Argument: virtual
/// address of `BootInfo`.
@main
struct Root {
  private let program = Program(name: "root")

  static func main() { Root().run() }

  private func run() -> Never {
    let bootInfo = unsafe program.bootInfo()
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
