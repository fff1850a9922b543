internal import ExampleSupport
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// A root domain for the examples of schedulers: one after the other, each with clients of its own. Argument: virtual
/// address of `BootInfo`.
@main
struct ExampleSystem {
  private let program = Program(name: "root")
  var builder: SystemBuilder

  /// Of 64, for six schedulers; those that are done leave theirs to the others.
  private static let slicesPerProgram: UInt64 = 8
  /// Badge of the message that a scheduler sends when it is done; that of all faults is 1.
  private static let doneBadge: UInt64 = 2

  static func main() {
    let program = Program(name: "root")
    let bootInfo = unsafe program.bootInfo()
    do {
      var system = ExampleSystem(
        builder: try unsafe SystemBuilder(bootInfo.pointee, slicesPerProgram: slicesPerProgram))
      try system.runAll()
      program.console.print("done")
      program.stop()
    } catch {
      program.stop(at: "examples", error)
    }
  }

  private init(builder: SystemBuilder) { self.builder = builder }

  private mutating func runAll() throws(Refusal) {
    try runWorkers("round-robin", given: [1, 1, 1])
    try runWorkers("strides", given: [1, 3, 6])
    try runLevels(order: [0, 1, 2])
    program.console.print("the other way round")
    try runLevels(order: [2, 1, 0])
    // Microseconds of three periods, and of the jobs in them.
    program.console.print("95 %")
    try runWorkers("deadlines", given: [2000, 3000, 5000], jobs: [800, 900, 1250])
    program.console.print("110 %")
    try runWorkers("deadlines", given: [2000, 3000, 5000], jobs: [1000, 1050, 1250])
  }

  /// Loads a program, whose faults are told.
  mutating func load(_ name: StaticString) throws(Refusal) -> LoadedProgram {
    try builder.load(DomainName(name), badge: 1)
  }

  /// Starts a scheduler, the only one with time of its own besides the root domain, and waits until it is done.
  mutating func run(_ scheduler: LoadedProgram, records: UInt64) throws(Refusal) {
    try builder.giveClient(scheduler, builder.faultEndpoint, badge: Self.doneBadge)
    try builder.start(scheduler, records)
    while true {
      let received = try builder.faultEndpoint.receive()
      guard received.badge != Self.doneBadge else { return }
      let kind = FaultKind(rawValue: UInt32(truncatingIfNeeded: received.message.label)) ?? .other
      program.console.print("\(kind.name), pc \(hexadecimal: received.message.words[0])")
    }
  }
}
