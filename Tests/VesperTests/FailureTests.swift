import Foundation
import TargetLink
import Testing

/// Whatever is wrong is told on standard error, in one sentence that names it, with a status that scripts can use.
struct FailureTests {
  private static let usage: Int32 = 64
  private static let notVesper: Int32 = 65
  private static let unavailable: Int32 = 69
  private static let inputOutput: Int32 = 74

  private func expectFailure(
    _ process: VesperProcess, _ status: Int32, naming text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(process.status == status, sourceLocation: sourceLocation)
    #expect(process.output.isEmpty, sourceLocation: sourceLocation)
    #expect(process.errors.contains(text), sourceLocation: sourceLocation)
  }

  @Test func `a subcommand that does not exist`() throws {
    expectFailure(try VesperProcess("explode"), Self.usage, naming: "explode")
  }

  @Test func `a missing argument`() throws {
    expectFailure(try VesperProcess("exec"), Self.usage, naming: "<target>")
  }

  @Test func `a target that is spelled wrong`() throws {
    expectFailure(
      try VesperProcess("exec", "usb:1", "domains"), Self.usage, naming: "`usb:1` names no target")
  }

  @Test func `a socket that does not exist`() throws {
    let process = try VesperProcess("attach", "serial:unix:/nowhere/s.sock")
    expectFailure(process, Self.unavailable, naming: "/nowhere/s.sock: No such file or directory")
  }

  @Test func `a port at which nobody listens`() throws {
    expectFailure(
      try VesperProcess("attach", "gdb:127.0.0.1:1"), Self.unavailable,
      naming: "127.0.0.1:1: Connection refused")
  }

  @Test(arguments: ["serial", "gdb"])
  func `a line on which nobody answers`(way: String) throws {
    let listener = try Listener(saying: "")
    let process = try VesperProcess("exec", "\(way):unix:\(listener.path)", "domains", "--timeout", "1")
    expectFailure(process, Self.unavailable, naming: "gave up waiting for")
  }

  @Test(arguments: ["serial", "gdb"])
  func `a line on which something else talks`(way: String) throws {
    let listener = try Listener(saying: "\u{1b}[2JDebian GNU/Linux $ login: ")
    let process = try VesperProcess("exec", "\(way):unix:\(listener.path)", "domains", "--timeout", "1")
    expectFailure(process, Self.unavailable, naming: "login:")
    #expect(!process.errors.contains("\u{1b}"))
  }

  @Test func `a machine that runs no Vesper kernel`() throws {
    var settings = QEMUSettings()
    settings.memory = "16M"
    let machine = try QEMUMachine(settings)
    expectFailure(
      try VesperProcess("exec", machine.gdb.description, "domains"), Self.notVesper, naming: "Vesper")
  }

  @Test(arguments: ["", "lots", "-1", "0", "1T", "M"])
  func `a memory size that is none`(size: String) throws {
    expectFailure(try VesperProcess("run", "-m=\(size)"), Self.usage, naming: "memory size")
  }

  @Test func `a kernel that does not exist`() throws {
    expectFailure(
      try VesperProcess("run", "--kernel", "/nowhere/kernel.elf"), Self.unavailable,
      naming: "/nowhere/kernel.elf")
  }

  @Test func `an argument that QEMU does not know`() throws {
    let process = try VesperProcess("run", "--kernel", "/dev/null", "--", "-explode")
    expectFailure(process, Self.unavailable, naming: "-explode: invalid option")
  }

  @Test(arguments: ["/nowhere/packets.log", "/dev/full"])
  func `a packet log that cannot be written`(path: String) throws {
    let listener = try Listener(saying: "")
    let process = try VesperProcess(
      "exec", "serial:unix:\(listener.path)", "domains", "--packet-log", path)
    expectFailure(process, Self.inputOutput, naming: path)
  }
}
