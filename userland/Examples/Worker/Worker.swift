internal import ExampleSupport
internal import KernelObjects
internal import LibVesper

/// A scheduler's client: works, and counts what it did. Arguments: address of its record, and the microseconds of a job;
/// it yields after each job, and never if there are none.
@main
struct Worker {
  private let record = ClientRecord(of: 0, at: Program.arguments[0])
  private let jobLength = Program.arguments[1]

  static func main() {
    let worker = Worker()
    if worker.jobLength == 0 { worker.countForever() }
    worker.doJobs()
  }

  private func countForever() -> Never {
    while true { record.count += 1 }
  }

  private func doJobs() -> Never {
    let rounds = roundsOfJob()
    while true {
      Processor.yield()
      work(rounds)
      record.count += 1
    }
  }

  /// Takes the same time whenever it is done, if the machine counts time by instructions.
  @inline(never)
  private func work(_ rounds: UInt64) {
    for _ in 0..<rounds { _ = record.given }
  }

  private func roundsOfJob() -> UInt64 {
    let sample: UInt64 = 20_000
    let start = Processor.time
    work(sample)
    return jobLength * (Processor.timeFrequency / 1000) * sample / (Processor.time - start) / 1000
  }
}
