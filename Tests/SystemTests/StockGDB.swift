import TargetLink
import Testing

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

  /// Calls `body` with a machine on which the clients have been served, and nobody is attached.
  static func withRunningSystem(_ body: (QEMUMachine) throws -> Void) throws {
    let machine = try QEMUMachine(QEMUSettings(kernel: BuiltFiles.kernel))
    defer { machine.end() }
    do {
      let console = try Console(of: machine)
      try machine.start()
      #expect(try console.waits(for: "client-b: the server reads my buffer"), "\(console.text)")
    }
    try body(machine)
  }
}
