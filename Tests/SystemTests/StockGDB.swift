import TargetLink

/// gdb-multiarch as Debian has it, on the kernel's own stub.
enum StockGDB {
  /// Runs gdb's commands on a machine; what gdb said.
  static func run(_ machine: QEMUMachine, _ commands: [String]) throws -> String {
    let all =
      ["set pagination off", "set confirm off", "set width 0", "target remote \(machine.serialPath)"]
      + commands
    let arguments = ["gdb-multiarch", "-nx", "-batch"] + all.flatMap { ["-ex", $0] } + [BuiltFiles.kernel]
    let program = try Program(arguments)
    return program.output + program.errors
  }
}
