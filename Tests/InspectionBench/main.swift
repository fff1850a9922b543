internal import Glibc

// inspection-bench CROWD KERNEL FLOOD VESPER SCRIPTS DRGN_PYTHON [WHY_NO_DRGN]
//
// How fast a system of 100,000 capabilities is read. Exit status: 0, 1 if a goal is missed, 2 if nothing was measured.

private func fail(_ message: String) -> Never {
  let line = Array("inspection-bench: \(message)\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
  exit(2)
}

private let words = CommandLine.arguments
guard words.count >= 7 else { fail("see Makefile for its arguments") }
do {
  var measurements = try Measurements(
    .init(
      crowd: words[1], kernel: words[2], flood: words[3], vesper: words[4], scripts: words[5], drgn: words[6],
      drgnMissing: words.count > 7 ? words[7] : ""))
  defer { measurements.end() }
  do {
    try measurements.run()
  } catch {
    // What was measured until then is not lost.
    print(measurements.report.text)
    measurements.end()
    fail("\(error)")
  }
  print(measurements.report.text)
  print("\nThe shortest of some attempts each, in milliseconds of the host's clock.")
} catch {
  fail("\(error)")
}
