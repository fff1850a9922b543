import Foundation
import TargetLink
import Testing

/// One system, two ways in, one answer.
@Suite(.serialized) struct WaysInTests {
  private func vesper(_ arguments: String...) throws -> Program {
    try Program([BuiltFiles.vesper] + arguments)
  }

  private func withRunningSystem(_ body: (QEMUMachine) throws -> Void) throws {
    let machine = try QEMUMachine(QEMUSettings(kernel: BuiltFiles.kernel))
    defer { machine.end() }
    do {
      let console = try Console(of: machine)
      try machine.start()
      #expect(try console.waits(for: "client-b: the server reads my buffer"), "\(console.text)")
    }
    try body(machine)
  }

  @Test func `both ways give the same dump of the same stopped system, byte for byte`() throws {
    try withRunningSystem { machine in
      // Stopped inside the kernel's stub; QEMU's stub then sees that same moment.
      let stop = try vesper("exec", "\(machine.serial)", "interrupt", "registers")
      #expect(stop.status == 0, "\(stop.errors)")
      for format in ["json", "table"] {
        let serial = try vesper("dump", "\(machine.serial)", "--format", format)
        let gdb = try vesper("dump", "\(machine.gdb)", "--format", format)
        #expect(serial.status == 0, "\(serial.errors)")
        #expect(gdb.status == 0, "\(gdb.errors)")
        #expect(serial.output.contains("client-b"))
        #expect(serial.output == gdb.output)
      }
    }
  }

  @Test(arguments: ["serial", "gdb"])
  func `the packets of either way can be logged`(way: String) throws {
    try withRunningSystem { machine in
      let log = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
      defer { try? FileManager.default.removeItem(atPath: log) }
      let target = way == "serial" ? machine.serial : machine.gdb
      let run = try vesper("exec", "\(target)", "domains", "--packet-log", log)
      #expect(run.status == 0, "\(run.errors)")
      let text = try String(contentsOfFile: log, encoding: .utf8)
      #expect(text.contains(/sent +\d+ +features +qSupported/), "\(text.prefix(1000))")
      #expect(text.contains(/sent +\d+ +read memory.* [mx][0-9a-f]+,[0-9a-f]+\n/), "\(text.prefix(1000))")
      #expect(text.contains(/sent +\d+ +detach +D\n/), "\(text.suffix(1000))")
    }
  }
}
