import Foundation
import Testing

@testable import TargetLink

/// A QEMU that was started without a stub, opened by its monitor.
@Suite(.serialized) struct MonitoredStubTests {
  /// A machine with nothing but a monitor, in either of its languages.
  private final class BareMachine {
    let process = Process()
    let socket = "/tmp/vesper-test-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"

    init(speaking option: String) throws {
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments =
        "qemu-system-aarch64 -machine virt -cpu cortex-a57 -m 16M -display none -nodefaults".split(
          separator: " "
        ).map(String.init) + [option, "unix:\(socket),server=on,wait=off"]
      try process.run()
      let deadline = Deadline.after(.seconds(60))
      while (try? monitor()) == nil, !deadline.hasPassed { usleep(10_000) }
    }

    deinit {
      kill(process.processIdentifier, SIGKILL)
      unlink(socket)
    }

    func monitor() throws(TargetError) -> QEMUMonitor { try QEMUMonitor(address: .unixSocket(socket)) }

    func status() throws -> String { try monitor().executeHuman("info status") }
  }

  @Test(arguments: ["-qmp", "-monitor"])
  func `it is read, stopped and stepped, and left as it was found`(option: String) throws {
    let machine = try BareMachine(speaking: option)
    let name = String(machine.process.processIdentifier)
    let found = try QEMUDiscovery.emulator(named: name)
    #expect(found.waysIn == [.monitor(name), .qemu(name)])
    let target = try TargetSpecification.monitor(name).attach()
    #expect(try !target.readRegisters().isEmpty)
    let marker = Array("written by the stub".utf8)
    try target.writePhysical(marker, at: 0x4000_1000)
    let memory = try TargetSpecification.qemu(name).attach()
    #expect(try memory.readPhysical(address: 0x4000_1000, count: marker.count) == marker)
    target.detach()
    #expect(try machine.status().contains("VM status: running"))
    #expect(try Self.stubSockets(of: name).isEmpty)
  }

  /// The sockets of stubs that a process has, as the kernel lists them (proc(5), /proc/net/unix).
  private static func stubSockets(of process: String) throws -> [String] {
    let folder = "/proc/\(process)/fd"
    let sockets = try FileManager.default.contentsOfDirectory(atPath: folder)
      .compactMap { readLink("\(folder)/\($0)") }.filter { $0.hasPrefix("socket:[") }
    let inodes = Set(sockets.map { $0.dropFirst("socket:[".count).dropLast() })
    return try String(contentsOfFile: "/proc/net/unix", encoding: .utf8).split(separator: "\n")
      .filter { $0.hasSuffix("/gdb.sock") }.map(String.init)
      .filter { line in line.split(separator: " ").contains { inodes.contains($0) } }
  }

  @Test func `one that was stopped remains so`() throws {
    let machine = try BareMachine(speaking: "-qmp")
    _ = try machine.monitor().executeHuman("stop")
    let target = try TargetSpecification.monitor(String(machine.process.processIdentifier)).attach()
    _ = try target.readPhysical(address: 0x4000_0000, count: 4)
    target.detach()
    #expect(try machine.status().contains("VM status: paused"))
  }

  @Test func `a monitor that serves somebody else is waited for no longer than one asks`() throws {
    let machine = try BareMachine(speaking: "-qmp")
    let busy = try machine.monitor()
    let name = String(machine.process.processIdentifier)
    #expect(throws: TargetError.self) {
      try TargetSpecification.monitor(name).attach(timeout: .milliseconds(200))
    }
    withExtendedLifetime(busy) {}
  }

  @Test func `one with a stub of its own is attached to there`() throws {
    let machine = try QEMUMachine(QEMUSettings())
    let target = try TargetSpecification.monitor(String(machine.processID)).attach()
    #expect(target.wayIn == machine.gdb.description)
  }
}
