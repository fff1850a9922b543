internal import ExampleSupport
internal import KernelObjects
internal import LibVesper

/// A scheduler: its clients, which have no time of their own, take turns with its slots. Argument: address of the clients'
/// records.
@main
struct RoundRobin {
  private let program = Program(name: "round-robin")
  private let root = EndpointCapability(ProgramSlot.endpoint.pointer)
  private let records = Program.arguments[0]
  /// Timer counts of a turn: a millisecond.
  private let quantum = Processor.timeFrequency / 1000
  private var next: UInt64 = 0

  static func main() {
    var scheduler = RoundRobin()
    scheduler.run()
  }

  private mutating func run() -> Never {
    do {
      for _ in 0..<300 { try runOnce() }
      for index in 0..<ExampleSlot.clientCount {
        program.console.print("client \(index): \(ClientRecord(of: index, at: records).count)")
      }
      try root.send(Message(label: 0))
      program.stop()
    } catch {
      program.stop(at: "schedule", error)
    }
  }

  /// Lets the next client that can run have a quantum.
  private mutating func runOnce() throws(Refusal) {
    for _ in 0..<ExampleSlot.clientCount {
      let client = DomainCapability(ExampleSlot.client(next))
      next = (next + 1) % ExampleSlot.clientCount
      let back = try client.run(until: Processor.time + quantum)
      if back.reason != .blocked && back.reason != .stopped { return }
    }
  }
}
