import Commands
import Foundation

import Testing

@testable import TargetLink
@testable import vesper

struct ListingTests {
  @Test func `a machine that runs is listed, and its JSON is JSON`() throws {
    let machine = try QEMUMachine(QEMUSettings())
    let text = try VesperProcess("ps")
    #expect(text.status == 0)
    #expect(text.output.contains("\(machine.serial), \(machine.gdb), qemu:\(machine.processID)"))
    let json = try JSONSerialization.jsonObject(with: Data(VesperProcess("ps", "--json").output.utf8))
    let emulators = try #require((json as? [String: Any])?["emulators"] as? [[String: Any]])
    let found = try #require(emulators.first { $0["process"] as? Int == Int(machine.processID) })
    #expect(
      found["targets"] as? [String] == [
        machine.serial.description, machine.gdb.description, "qemu:\(machine.processID)",
      ])
    #expect(found["vesper"] is NSNull)
    #expect(found["uptime"] is Int)
  }

  @Test func `what a machine is called cannot control the terminal`() {
    let emulator = RunningEmulator(
      processID: 1, program: "qemu-system-aarch64", name: "a\u{1b}[2J", machine: nil, processor: nil,
      memory: nil,
      kernel: nil, waysIn: [], monitors: [])
    #expect(!PsCommand.answer([FoundSystem(emulator: emulator, kernel: nil)]).rendered.contains("\u{1b}"))
  }

  @Test func `an answer that cannot be written is an error`() throws {
    let process = try VesperProcess(shell: "ps > /dev/full")
    #expect(process.status == 74)
    #expect(process.errors.contains("cannot write the answer: No space left on device"))
  }
}
