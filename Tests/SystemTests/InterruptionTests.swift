import Foundation
import TargetLink
import Testing

/// An answer that takes long, at a terminal: over a line that carries little.
@Suite(.serialized) struct InterruptionTests {
  private static let prompt = "(vesper) "

  @Test func `progress is shown, and Ctrl-C ends the answer and not the session`() throws {
    try RunningSystem.with { machine in
      let relay = try SlowRelay(to: machine.serialPath)
      let terminal = try Terminal(
        [BuiltFiles.vesper, "attach", "serial:unix:\(relay.path)"],
        environment: ["TERM=xterm", "PATH=/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C.UTF-8"])
      try #require(terminal.waits(for: Self.prompt), "\(terminal.screen)")
      relay.isSlow = true
      terminal.type("dump\r")
      #expect(terminal.waits(for: "reading ["), "\(terminal.screen)")
      terminal.type("\u{3}")
      relay.isSlow = false
      #expect(terminal.waits(for: "interrupted: there is no answer"), "\(terminal.screen)")
      #expect(terminal.waits(for: Self.prompt), "\(terminal.screen)")
      terminal.type("domains\r")
      #expect(terminal.waits(for: "blocked-on-send"), "\(terminal.screen)")
      terminal.type("quit\r")
      #expect(terminal.waitForExit() == 0, "\(terminal.screen)")
    }
  }
}
