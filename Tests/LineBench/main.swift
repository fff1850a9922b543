internal import Glibc
import TargetLink

// line-bench KERNEL FLOOD
//
// How fast memory is read through the kernel's stub, beside what the line carries and beside QEMU's own stub.

private func fail(_ message: String) -> Never {
  let line = Array("line-bench: \(message)\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
  exit(1)
}

guard CommandLine.arguments.count == 3 else {
  fail("name the kernel's image, and that which floods the line")
}
do {
  print(try Rates(kernel: CommandLine.arguments[1], flood: CommandLine.arguments[2]).table)
} catch {
  fail("\(error)")
}
