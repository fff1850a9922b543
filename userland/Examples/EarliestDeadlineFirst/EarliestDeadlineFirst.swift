internal import ExampleSupport
internal import KernelObjects
internal import LibVesper
internal import Schedulers

/// A scheduler: of its clients, each of which does a job in each of its periods and yields, the one whose period ends first
/// runs. Argument: address of the clients' records, which give the periods in microseconds.
@main
struct EarliestDeadlineFirst {
  private let program = Program(name: "deadlines")
  private let root = EndpointCapability(ProgramSlot.endpoint.pointer)
  private let records = Program.arguments[0]
  private let millisecond = Processor.timeFrequency / 1000

  static func main() { EarliestDeadlineFirst().run() }

  private func run() -> Never {
    do {
      for index in 0..<ExampleSlot.clientCount { try prepare(index) }
      var scheduler = DeadlineScheduler([task(0), task(1), task(2)])
      // 20 times the periods' least common multiple.
      try scheduler.run(until: Processor.time + 600 * millisecond)
      for index in 0..<3 {
        let task = scheduler.tasks[index]
        program.console.print("\(microseconds(task.period)) us: \(task.met) met, \(task.missed) not")
      }
      program.console.print("idle \(microseconds(scheduler.idle)) of 600000 us")
      try root.send(Message(label: 0))
      program.stop()
    } catch {
      program.stop(at: "schedule", error)
    }
  }

  /// A client measures its work before its first job, in a slot that has just begun, and yields.
  private func prepare(_ index: UInt64) throws(Refusal) {
    Processor.yield()
    _ = try DomainCapability(ExampleSlot.client(index)).run()
  }

  private func task(_ index: UInt64) -> PeriodicTask {
    let period = ClientRecord(of: index, at: records).given
    return PeriodicTask(DomainCapability(ExampleSlot.client(index)), period: period * millisecond / 1000)
  }

  private func microseconds(_ counts: UInt64) -> UInt64 { counts * 1000 / millisecond }
}
