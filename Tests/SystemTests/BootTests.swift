import TargetLink
import Testing

/// The image comes up on every machine that it is made for, and its domains do what they are for.
@Suite(.serialized) struct BootTests {
  private func machine(_ memory: String, _ board: String) throws -> QEMUMachine {
    var settings = QEMUSettings(kernel: BuiltFiles.kernel)
    settings.memory = memory
    settings.machine = board
    return try QEMUMachine(settings)
  }

  @Test(arguments: [
    ("128M", "virt"), ("129M", "virt"), ("1G", "virt"), ("8G", "virt"), ("128M", "virt,virtualization=on"),
    ("8G", "virt,virtualization=on"),
  ])
  func `the root domain builds the system, and the device driver is served`(
    memory: String, board: String
  ) throws {
    let machine = try machine(memory, board)
    defer { machine.end() }
    let console = try Console(of: machine)
    try machine.start()
    #expect(try console.waits(for: "root: 5 domains started"), "\(console.text)")
    #expect(try console.waits(for: "server: first request of badge 0xa"), "\(console.text)")
    #expect(try console.waits(for: "server: first request of badge 0xb"), "\(console.text)")
    #expect(try console.waits(for: "clock: alarm 1"), "\(console.text)")
  }
}
