internal import Devices
internal import DriverProtocol
internal import DriverSupport
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// A root domain for drivers: one in a domain of its own for each device that is plugged in, with a client that uses it.
/// Argument: virtual address of `BootInfo`.
@main
struct DriverSystem {
  private let program = Program(name: "root")
  var builder: SystemBuilder
  /// Root's view of the virtio transports.
  let bus: VirtIOBus
  /// Of the block driver, if there is one.
  var disk: EndpointCapability?
  /// What runs besides the root domain.
  var domains = InlineArray<8, DomainCapability?>(repeating: nil)
  private(set) var domainCount = 0

  /// Of 64; with at most five programs, the root domain keeps 24.
  private static let slicesPerProgram: UInt64 = 8
  /// Badge of the message that the power button's driver sends.
  static let powerBadge: UInt64 = 0x100

  static func main() {
    let program = Program(name: "root")
    let bootInfo = unsafe program.bootInfo()
    do {
      var system = try unsafe DriverSystem(bootInfo.pointee)
      try system.startDrivers()
      program.console.print("\(UInt64(system.domainCount)) domains started")
      try system.watch()
    } catch {
      program.stop(at: "drivers", error)
    }
  }

  private init(_ bootInfo: borrowing BootInfo) throws(Refusal) {
    builder = try SystemBuilder(bootInfo, slicesPerProgram: Self.slicesPerProgram)
    bus = try VirtIOBus(allocator: &builder.allocator)
  }

  private mutating func startDrivers() throws(Refusal) {
    if let transport = bus.first(.block) { try startBlock(transport) }
    if let transport = bus.first(.console) { try startConsole(transport) }
    try startButton()
  }

  /// Loads a program, whose faults are reported with its number.
  mutating func load(_ name: StaticString) throws(Refusal) -> LoadedProgram {
    let program = try builder.load(DomainName(name), badge: UInt64(domainCount + 1))
    domains[domainCount] = program.domain
    domainCount += 1
    return program
  }

  /// Waits for ever: for the power button, or for a fault, which stops whoever had it.
  private func watch() throws(Refusal) -> Never {
    while true {
      let received = try builder.faultEndpoint.receive()
      guard received.badge != Self.powerBadge else { try powerDown() }
      let kind = FaultKind(rawValue: UInt32(truncatingIfNeeded: received.message.label)) ?? .other
      program.console.print("domain \(received.badge): \(kind.name)")
      program.console.print("pc \(hexadecimal: received.message.words[0])")
      // The right to answer is lost with the next fault; the faulter stays as it is.
    }
  }

  /// What was written lasts, and nobody runs any more.
  private func powerDown() throws(Refusal) -> Never {
    program.console.print("power button: stopping")
    if let disk { _ = try disk.call(Message(label: BlockRequest.flush.rawValue)) }
    for index in 0..<domainCount { try domains[index]?.suspend() }
    program.console.print("safe to switch off")
    program.stop()
  }
}
