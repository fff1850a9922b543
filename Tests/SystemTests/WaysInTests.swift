import Foundation
import Testing

@testable import TargetLink

/// One system, two ways in, one answer.
@Suite(.serialized) struct WaysInTests {
  private func vesper(_ arguments: String...) throws -> Program {
    try Program([BuiltFiles.vesper] + arguments)
  }

  @Test func `all ways give the same dump of the same stopped system, byte for byte`() throws {
    try RunningSystem.with { machine in
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
        let qemu = try vesper("dump", "qemu:\(machine.processID)", "--format", format)
        #expect(qemu.status == 0, "\(qemu.errors)")
        #expect(qemu.output == serial.output)
      }
    }
  }

  @Test(arguments: ["serial", "gdb"])
  func `the packets of either way can be logged`(way: String) throws {
    try RunningSystem.with { machine in
      let log = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
      defer { try? FileManager.default.removeItem(atPath: log) }
      let target = way == "serial" ? machine.serial : machine.gdb
      let run = try vesper("exec", "\(target)", "domains", "--packet-log", log)
      #expect(run.status == 0, "\(run.errors)")
      let text = try String(contentsOfFile: log, encoding: .utf8)
      #expect(text.contains(/sent +\d+ +features +qSupported/), "\(text.prefix(1000))")
      let reading =
        way == "serial"
        ? /sent +\d+ +read kernel objects +qvesper\.Objects:[0-9a-f]+\n/
        : /sent +\d+ +read memory +m[0-9a-f]+,[0-9a-f]+\n/
      #expect(text.contains(reading), "\(text.prefix(1000))")
      #expect(text.contains(/sent +\d+ +detach +D\n/), "\(text.suffix(1000))")
    }
  }

  @Test(arguments: ["core", "core.zst", "core.gz"])
  func `what was saved, by this debugger or by QEMU, gives the dump of the system it was saved of`(
    name: String
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name).path
    let other = folder.appendingPathComponent("of-qemu").path
    try RunningSystem.with { machine in
      let stop = try vesper("exec", "\(machine.serial)", "interrupt")
      #expect(stop.status == 0, "\(stop.errors)")
      let live = try vesper("dump", "qemu:\(machine.processID)")
      let save = try vesper("save", "qemu:\(machine.processID)", file, "--json")
      #expect(save.status == 0, "\(save.errors)")
      #expect(
        save.output.contains("\"missing\":0") || save.output.contains("\"missing\": 0"), "\(save.output)")
      let monitor = try QEMUMonitor(address: .unixSocket(machine.monitorPath))
      _ = try monitor.executeHuman("dump-guest-memory \(other)")
      for path in [file, other] {
        let dead = try vesper("dump", "core:\(path)")
        #expect(dead.status == 0, "\(dead.errors)")
        #expect(dead.output == live.output)
      }
      #expect(try vesper("exec", "core:\(other)", "registers").output.contains("pc"))
      #expect(try vesper("exec", "core:\(other)", "continue").status == 1)
    }
  }

  @Test func `a core that was cut is listed among the findings of what it still tells`() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try RunningSystem.with { machine in
      let save = try vesper("save", "qemu:\(machine.processID)", file)
      #expect(save.status == 0, "\(save.errors)")
    }
    truncate(file, 256 << 20)
    let findings = try vesper("exec", "core:\(file)", "findings")
    #expect(findings.status == 0, "\(findings.errors)")
    #expect(findings.output.contains(/core +size +the memory from 0x40000000 on is cut after/))
    truncate(file, 64)
    let nothing = try vesper("exec", "core:\(file)", "findings")
    #expect(nothing.status == 65)
    #expect(nothing.errors.contains("program headers"), "\(nothing.errors)")
  }

  @Test func `a system is listed with its kernel's build and all ways in`() throws {
    try RunningSystem.with { machine in
      let list = try vesper("ps")
      let line = try #require(
        list.output.split(separator: "\n").first { $0.contains(machine.gdbPath) }, "\(list.output)")
      let info = try vesper("exec", "qemu:\(machine.processID)", "dump --json")
      let build = try #require(info.output.firstMatch(of: /"build": ?"([0-9a-f]+)"/)?.1)
      #expect(line.contains("(\(build))"))
      #expect(line.hasSuffix("\(machine.serial), \(machine.gdb), qemu:\(machine.processID)"))
    }
  }

  /// Debian's `nobody`.
  private static let ordinaryUser = "65534"

  /// Runs a program as an ordinary user; only root can.
  private func asOrdinaryUser(_ arguments: [String]) throws -> Program {
    let user = ["--reuid", Self.ordinaryUser, "--regid", Self.ordinaryUser, "--clear-groups"]
    return try Program(["setpriv"] + user + arguments)
  }

  @Test(.enabled(if: geteuid() == 0))
  func `an ordinary user reads the memory of an own QEMU, and is told whose another one is`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appendingPathComponent("vesper").path
    let kernel = folder.appendingPathComponent("kernel.elf").path
    // Where the tree is may be closed to others. By another process: what is forked by other tests while this one has
    // the program open for writing has it open too, and execve(2) then says ETXTBSY.
    for (source, copy) in [(BuiltFiles.vesper, program), (BuiltFiles.kernel, kernel)] {
      #expect(try Program(["cp", source, copy]).status == 0)
    }
    chmod(folder.path, 0o755)
    try RunningSystem.with { machine in
      let refused = try asOrdinaryUser([program, "exec", "qemu:\(machine.processID)", "domains"])
      #expect(refused.status == 69)
      #expect(
        refused.errors.contains("it belongs to user root; run vesper as that user"), "\(refused.errors)")
    }
    let script = """
      qemu-system-aarch64 -machine virt -cpu cortex-a57 -m 129M -display none -nodefaults -kernel \(kernel) &
      for attempt in $(seq 600); do
        \(program) exec qemu:$! domains 2>&1 | grep client-b && break
        sleep 0.1
      done
      kill -KILL $!
      """
    let own = try asOrdinaryUser(["sh", "-c", script])
    #expect(own.output.contains("client-b"), "\(own.output)\(own.errors)")
  }
}
