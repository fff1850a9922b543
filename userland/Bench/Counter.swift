internal import BenchInstructions
internal import KernelObjects
internal import LibVesper

/// The generic timer's virtual count, read under `-icount shift=0`.
enum Counter {
  /// One instruction is one nanosecond, and the counter runs at 62.5 MHz.
  static let instructionsPerCount: UInt64 = 16

  /// Instructions of the kernel for each of `count` system calls like `registers`, of which `steps` tells what is
  /// added to words 0...5 from one to the next.
  ///
  /// Between vector and `eret` lies what the same loop takes less with a `nop` for its `svc`: both count as one.
  static func measure(
    _ registers: bench_registers, count: UInt64, steps: InlineArray<6, UInt64> = [0, 0, 0, 0, 0, 0]
  ) throws(Refusal) -> UInt64 {
    var call = bench_call()
    call.arguments = registers
    call.steps = (steps[0], steps[1], steps[2], steps[3], steps[4], steps[5])
    var empty = call
    // A fresh slice, so that no tick comes in between: it is 10,000,000 instructions long.
    Processor.yield()
    let loop = unsafe bench_repeat_nothing(&empty, count)
    let result = unsafe bench_repeat(&call, count)
    guard result.status == Status.ok.rawValue else {
      throw Refusal(rawStatus: result.status, argument: 0, detail: registers.x0, label: registers.x1 >> 8)
    }
    return rounded((result.counts - loop.counts) * instructionsPerCount, dividedBy: count)
  }

  static func rounded(_ sum: UInt64, dividedBy count: UInt64) -> UInt64 { (sum + count / 2) / count }
}
