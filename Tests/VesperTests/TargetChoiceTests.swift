import Testing

@testable import Inspection
@testable import TargetLink
@testable import vesper

struct TargetChoiceTests {
  private func emulator(
    _ processID: Int32, _ waysIn: [TargetSpecification], runsKernel: Bool = false
  ) -> FoundSystem {
    FoundSystem(
      emulator: RunningEmulator(
        processID: processID, program: "qemu-system-aarch64", name: nil, machine: nil, processor: nil,
        memory: nil, kernel: nil, waysIn: waysIn, monitors: []),
      kernel: runsKernel ? KernelDescriptor() : nil)
  }

  private let serial = TargetSpecification.serial(.unixSocket("/tmp/s.sock"))
  private let gdb = TargetSpecification.gdb(.tcp(host: "localhost", port: 1234))

  @Test func `the only system with a way in is chosen, by its own stub`() throws {
    #expect(try TargetChoice.onlyRunning([emulator(1, []), emulator(2, [serial, gdb])]) == serial)
  }

  @Test func `several systems are listed`() {
    let error = #expect(throws: Failure.self) {
      try TargetChoice.onlyRunning([emulator(1, [serial]), emulator(2, [gdb])])
    }
    #expect(error?.status == .usage)
    #expect(error?.message.contains("serial:unix:/tmp/s.sock  (process 1)") == true)
    #expect(error?.message.contains("gdb:localhost:1234  (process 2)") == true)
  }

  @Test func `no system is said to be none, and a closed one to be closed`() {
    let none = #expect(throws: Failure.self) { try TargetChoice.onlyRunning([]) }
    #expect(none?.status == .unavailable)
    #expect(none?.message.contains("vesper run") == true)
    let closed = #expect(throws: Failure.self) { try TargetChoice.onlyRunning([emulator(1, [])]) }
    #expect(closed?.message.contains("open to another user") == true)
  }

  @Test func `a system in which a kernel was found comes before those in which none was`() throws {
    let systems = [emulator(1, [serial]), emulator(2, [gdb], runsKernel: true)]
    #expect(try TargetChoice.onlyRunning(systems) == gdb)
  }

  @Test func `at a terminal one is asked which, and nothing else counts as an answer`() throws {
    let systems = [emulator(1, [serial]), emulator(2, [gdb])]
    var asked = ""
    let chosen = try TargetChoice.onlyRunning(systems) { list in
      asked = list
      return 2
    }
    #expect(chosen == gdb)
    #expect(asked.contains("1  serial:unix:/tmp/s.sock") && asked.contains("2  gdb:localhost:1234"))
    for answer in [nil, 0, 3, -1] {
      let error = #expect(throws: Failure.self) { try TargetChoice.onlyRunning(systems) { _ in answer } }
      #expect(error?.status == .usage)
    }
  }
}
