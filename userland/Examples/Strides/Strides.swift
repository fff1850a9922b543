internal import ExampleSupport
internal import KernelObjects
internal import LibVesper
internal import Schedulers

/// A scheduler: its clients get time in proportion to the tickets that their records give them. Argument: address of the
/// records.
@main
struct Strides {
  private let program = Program(name: "strides")
  private let root = EndpointCapability(ProgramSlot.endpoint.pointer)
  private let records = Program.arguments[0]

  static func main() { Strides().run() }

  private func run() -> Never {
    do {
      var scheduler = StrideScheduler(
        [client(0), client(1), client(2)], tickets: [record(0).given, record(1).given, record(2).given],
        quantum: Processor.timeFrequency / 2000)
      for _ in 0..<1000 { _ = try scheduler.runOnce() }
      for index in 0..<ExampleSlot.clientCount {
        program.console.print("\(record(index).given) tickets: \(record(index).count)")
      }
      try root.send(Message(label: 0))
      program.stop()
    } catch {
      program.stop(at: "schedule", error)
    }
  }

  private func client(_ index: UInt64) -> DomainCapability { DomainCapability(ExampleSlot.client(index)) }

  private func record(_ index: UInt64) -> ClientRecord { ClientRecord(of: index, at: records) }
}
