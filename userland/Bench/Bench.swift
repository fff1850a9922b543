internal import BenchInstructions
internal import KernelObjects
internal import LibVesper

/// Measures the kernel from inside, under QEMU's `-icount shift=0`: a root domain that prints a line "bench NAME
/// INSTRUCTIONS" for each operation. Argument: virtual address of `BootInfo`.
@main
struct Bench {
  static func main() {
    let start = bench_counter()
    let program = Program(name: "bench")
    let bootInfo = unsafe program.bootInfo()
    do {
      var workshop = try unsafe Workshop(bootInfo.pointee)
      workshop.report("boot", start * Counter.instructionsPerCount)
      try workshop.capabilityRows()
      try workshop.mappingRows()
      try workshop.longestRows()
      let pair = try workshop.messageRows()
      workshop.reportEnd()
      // For a debugger: one piece of code that two domains run.
      try pair.runAlike()
    } catch {
      program.stop(at: "bench", error)
    }
    program.stop()
  }
}
