internal import ExampleSupport
internal import KernelObjects
internal import LibVesper
internal import Schedulers

/// A scheduler: its first client that can run does, the last one when all others wait. Who wakes a client signals this
/// domain's bound notification too, so that what runs is preempted at once. Argument: address of the clients' records.
@main
struct Priorities {
  private let program = Program(name: "priorities")
  private let root = EndpointCapability(ProgramSlot.endpoint.pointer)
  private let records = Program.arguments[0]

  static func main() { Priorities().run() }

  private func run() -> Never {
    do {
      try DomainCapability(ProgramSlot.domain.pointer)
        .bind(NotificationCapability(ProgramSlot.notification.pointer))
      let scheduler = PriorityScheduler([client(0), client(1), client(2)])
      let end = Processor.time + Processor.timeFrequency / 5
      while Processor.time < end { _ = try scheduler.runOnce(until: end) }
      for level in 0..<ExampleSlot.clientCount {
        let record = ClientRecord(of: level, at: records)
        program.console.print("\(level): \(record.count), \(record.outOfTurn) wrong")
      }
      try root.send(Message(label: 0))
      program.stop()
    } catch {
      program.stop(at: "schedule", error)
    }
  }

  private func client(_ index: UInt64) -> DomainCapability { DomainCapability(ExampleSlot.client(index)) }
}
