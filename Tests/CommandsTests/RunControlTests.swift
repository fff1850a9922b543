import Commands
import KernelImage
import TargetLink
import Testing

@Suite struct RunControlTests {
  private let processor = FakeProcessor(memory: SmallSystem().image.target, readsWhileRunning: true)

  private func session() throws -> CommandSession { try CommandSession(target: processor) }

  @Test func `a running system that can be read is not stopped for it`() throws {
    _ = try session().run(line: "domains")
    #expect(processor.log.isEmpty)
  }

  @Test func `with --stop a running system is stopped once and runs again`() throws {
    _ = try session().run(line: "dump --stop")
    #expect(processor.log == ["interrupt", "resume"])
    #expect(processor.readsWhileStopped > 0)
  }

  @Test func `a system that cannot be read while it runs is stopped meanwhile`() throws {
    let processor = FakeProcessor(memory: SmallSystem().image.target, readsWhileRunning: false)
    _ = try processor.interrupt()
    let session = try CommandSession(target: processor)
    try processor.resume()
    _ = try session.run(line: "domains")
    #expect(processor.log == ["interrupt", "resume", "interrupt", "resume"])
  }

  @Test func `a stop that nobody noticed yet is not undone by reading`() throws {
    let session = try session()
    processor.unnoticedStop = StopEvent(.breakpoint)
    _ = try session.run(line: "domains --stop")
    #expect(processor.state == .stopped(StopEvent(.breakpoint)))
  }

  @Test func `continuing at a breakpoint first steps off it`() throws {
    let session = try session()
    _ = try session.run(line: "interrupt")
    _ = try session.run(line: "b 0x1000")
    _ = try session.run(line: "c")
    #expect(processor.log == ["interrupt", "set 1000", "clear 1000", "step", "set 1000", "resume"])
    #expect(processor.breakpoints == [0x1000])
  }

  @Test func `a stop at a breakpoint says which one`() throws {
    let session = try session()
    _ = try session.run(line: "break 0x1008")
    _ = try session.run(line: "interrupt")
    #expect(try session.run(line: "step 2").text.contains("breakpoint 1"))
  }

  @Test func `a breakpoint is deleted by its number, and all without one`() throws {
    let session = try session()
    for address in [0x1008, 0x2000, 0x3000] { _ = try session.run(line: "break \(address)") }
    _ = try session.run(line: "delete 2")
    #expect(processor.breakpoints == [0x1008, 0x3000])
    _ = try session.run(line: "delete")
    #expect(processor.breakpoints.isEmpty)
  }

  @Test func `quitting detaches and ends the session`() throws {
    let session = try session()
    _ = try session.run(line: "quit")
    #expect(processor.log.last == "detach")
    #expect(session.isFinished)
  }

  @Test func `stepping a running system is refused with what to do`() throws {
    let session = try session()
    #expect(throws: CommandError(.refused, "stepping needs the system stopped; use `interrupt` first")) {
      try session.run(line: "step")
    }
  }

  @Test func `registers can be used in addresses`() throws {
    let session = try session()
    processor.pc = 0x4000_8000
    let answer = try session.run(line: "x/1gx -p $pc+0x8 --json")
    #expect(answer.rendered.contains("\"address\": \"0x40008008\""))
  }

  @Test(arguments: [
    ("c", "continue"), ("s", "step"), ("b", "break"), ("x", "x"), ("q", "quit"), ("i", "info"),
  ])
  func `the shortest spellings are those of gdb`(_ short: String, _ name: String) throws {
    #expect(try CommandTable.find(short).name == name)
  }
}
