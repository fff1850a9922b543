import TargetLink
import Testing

/// The system that `make run` boots, at work.
enum RunningSystem {
  /// What the console says last that every boot says: the clients have been served.
  private static let lastLine = "client-b: the server reads my buffer"

  /// Calls `body` with a machine on which the clients have been served, and nobody is attached; `arguments` are more of
  /// QEMU's.
  static func with(_ arguments: [String] = [], _ body: (QEMUMachine) throws -> Void) throws {
    var settings = QEMUSettings(kernel: BuiltFiles.kernel)
    settings.arguments = arguments
    let machine = try QEMUMachine(settings)
    defer { machine.end() }
    do {
      let console = try Console(of: machine)
      try machine.start()
      try #require(try console.waits(for: lastLine), "\(console.text)")
    }
    try body(machine)
  }
}
