import Foundation
import TargetLink
import Testing

/// The shell as it is used: at a terminal, on a booted kernel.
@Suite(.serialized) struct ShellTests {
  private static let prompt = "(vesper) "

  /// Boots a kernel and opens the shell, with a home of its own.
  private func withShell(home: String, _ body: (Terminal) throws -> Void) throws {
    let terminal = try Terminal(
      [BuiltFiles.vesper, "run", "-m", "256M"],
      environment: ["TERM=xterm", "PATH=/usr/bin:/bin", "HOME=\(home)", "LC_ALL=C.UTF-8"])
    try #require(terminal.waits(for: Self.prompt), "\(terminal.screen)")
    try body(terminal)
  }

  private func withHome(_ body: (String) throws -> Void) throws {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: home) }
    try body(home.path)
  }

  @Test func `commands and the names of live objects are completed, and what is typed is remembered`() throws
  {
    try withHome { home in
      try withShell(home: home) { terminal in
        // The editor moves the cursor before what it adds.
        terminal.type("endp\t")
        #expect(terminal.waits(for: "oints "), "\(terminal.screen)")
        terminal.type("\r")
        #expect(terminal.waits(for: "SENDERS"), "\(terminal.screen)")
        #expect(terminal.waits(for: Self.prompt), "\(terminal.screen)")
        terminal.type("domain clie\t")
        #expect(terminal.waits(for: "nt-"), "\(terminal.screen)")
        // Two begin so: they are listed when TAB is pressed again.
        terminal.type("\t\t")
        #expect(terminal.waits(for: "client-a  client-b"), "\(terminal.screen)")
        terminal.type("b\r")
        #expect(terminal.waits(for: "client-b"), "\(terminal.screen)")
        #expect(terminal.waits(for: Self.prompt), "\(terminal.screen)")
        terminal.type("quit\r")
        #expect(terminal.waitForExit() == 0, "\(terminal.screen)")
      }
      try withShell(home: home) { terminal in
        // Ctrl-P three times: the line before the one before the last.
        terminal.type("\u{10}\u{10}\u{10}\r")
        #expect(terminal.waits(for: "SENDERS"), "\(terminal.screen)")
      }
    }
  }

  @Test func `Ctrl-C stops the system and not the shell, at the prompt and while a command waits`() throws {
    try withHome { home in
      try withShell(home: home) { terminal in
        terminal.type("\u{3}")
        #expect(terminal.waits(for: "stopped  interrupt"), "\(terminal.screen)")
        #expect(terminal.waits(for: Self.prompt), "\(terminal.screen)")
        terminal.type("continue\r")
        #expect(terminal.waits(for: "the system runs"), "\(terminal.screen)")
        #expect(terminal.waits(for: Self.prompt), "\(terminal.screen)")
        terminal.type("wait 600\r")
        #expect(terminal.waits(for: "wait 600\r\n"), "\(terminal.screen)")
        // One that comes before the command does is a key that nobody reads: like a person, press it again.
        let isStopped = (0..<60).contains { _ in
          terminal.type("\u{3}")
          return terminal.waits(for: "stopped  interrupt", bound: .seconds(2))
        }
        #expect(isStopped, "\(terminal.screen)")
        #expect(terminal.waits(for: Self.prompt), "\(terminal.screen)")
        // Ctrl-D.
        terminal.type("\u{4}")
        #expect(terminal.waitForExit() == 0, "\(terminal.screen)")
      }
    }
  }

  @Test func `the machine ends with the shell, however that ends`() throws {
    try withHome { home in
      try withShell(home: home) { terminal in
        let place = try #require(terminal.screen.firstRange(of: "serial:unix:"))
        let target = String(terminal.screen[place.lowerBound...].prefix { $0 != ";" })
        func isRunning() -> Bool {
          QEMUDiscovery.runningEmulators().contains { $0.waysIn.contains { $0.description == target } }
        }
        #expect(isRunning())
        terminal.hangUp()
        #expect(terminal.waitForExit() == 0, "\(terminal.screen)")
        #expect(!isRunning())
      }
    }
  }

  @Test(arguments: ["", "wait 600\r"])
  func `a machine that dies ends the shell, which says so`(command: String) throws {
    try withHome { home in
      let machine = try QEMUMachine(QEMUSettings(kernel: BuiltFiles.kernel))
      try machine.start()
      let terminal = try Terminal(
        [BuiltFiles.vesper, "attach", machine.serial.description, "--timeout", "60"],
        environment: ["TERM=xterm", "HOME=\(home)"])
      try #require(terminal.waits(for: Self.prompt), "\(terminal.screen)")
      terminal.type(command)
      if !command.isEmpty { try #require(terminal.waits(for: "wait 600\r\n"), "\(terminal.screen)") }
      machine.end()
      #expect(terminal.waits(for: "the target closed the connection"), "\(terminal.screen)")
      #expect(terminal.waitForExit() == 74, "\(terminal.screen)")
    }
  }

  @Test func `a debugger whose answer nobody reads leaves the machine running`() throws {
    try RunningSystem.with { machine in
      let dump = try Program(["sh", "-c", "\(BuiltFiles.vesper) dump \(machine.gdb) | true"])
      #expect(dump.errors.contains("Broken pipe"), "\(dump.errors)")
      #expect(try machine.isRunning)
    }
  }
}
