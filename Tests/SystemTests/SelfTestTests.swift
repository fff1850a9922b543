import Foundation
import TargetLink
import Testing

/// The kernel with the self-test as its userland.
@Suite(.serialized) struct SelfTestTests {
  /// The cases about time want a clock that is the program's own work; long operations, one that is the host's.
  @Test(arguments: [[], ["-icount", "shift=0,sleep=off", "-rtc", "clock=vm"]])
  func `every case of the self-test is ok, and no kernel entry too long`(clock: [String]) throws {
    let entries = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: entries) }
    var settings = QEMUSettings(kernel: BuiltFiles.selfTest)
    settings.arguments = clock + EntryLimit.options(writing: entries)
    let machine = try QEMUMachine(settings)
    defer { machine.end() }
    let console = try Console(of: machine)
    try machine.start()
    #expect(try console.waits(for: "# done", bound: .seconds(900)), "\(console.text.suffix(2000))")
    let tap = TestAnythingProtocol(console.text)
    for result in tap.results where !result.isOK {
      Issue.record("\(result.name): \(result.diagnosis.joined(separator: "\n"))")
    }
    #expect(tap.results.count >= 150)
    #expect(tap.plan == tap.results.count)
    #expect(tap.results.map(\.number) == Array(1...max(tap.results.count, 1)), "in order, none left out")
    #expect(Set(tap.results.map(\.name)).count == tap.results.count, "each case has a name of its own")
    let documented = try InvocationRefusal.documented()
    #expect(documented.count > 100)
    let unseen = documented.subtracting(InvocationRefusal.seen(in: console.text))
    // By the host's clock, those of `run` are left out.
    #expect(unseen.isEmpty || clock.isEmpty, "refusals that no case is about: \(unseen)")
    let longest = try EntryLimit.longest(in: entries)
    #expect(longest > 1000 && longest <= EntryLimit.instructions, "attackers and all: \(longest)")
  }

  @Test func `while a domain attacks, an audit from outside finds no contradiction`() throws {
    let machine = try QEMUMachine(QEMUSettings(kernel: BuiltFiles.selfTest))
    defer { machine.end() }
    let console = try Console(of: machine)
    try machine.start()
    #expect(
      try console.waits(for: "# the attack begins", bound: .seconds(600)), "\(console.text.suffix(2000))")
    var audits = 0
    for _ in 0..<60 where audits < 3 {
      let audit = try Program([BuiltFiles.vesper, "exec", "\(machine.gdb)", "--json", "findings"])
      #expect(audit.status == 0, "\(audit.errors)")
      // Stopped within the kernel, its objects may be half changed.
      guard audit.output.contains(/"consistency": *"consistent"/) else { continue }
      audits += 1
      #expect(audit.output.contains(/"findings": *\[\s*\]/), "\(audit.output)")
    }
    #expect(audits == 3, "a stop outside of the kernel's own work")
  }
}

struct TestAnythingProtocolTests {
  @Test func `results, their diagnoses and the plan are told from other text`() {
    let tap = TestAnythingProtocol(
      """
      Vesper on qemu-virt
      TAP version 13
      ok 1 - first
      not ok 2 - second
      # expected 1
      # seen 2
      okay 3 - no result
      1..2
      # done
      """)
    #expect(tap.plan == 2)
    #expect(tap.results.map(\.name) == ["first", "second"])
    #expect(tap.results.map(\.isOK) == [true, false])
    #expect(tap.results[1].diagnosis.starts(with: ["# expected 1", "# seen 2"]))
  }

  @Test func `a program that did not come to its end has no plan`() {
    #expect(TestAnythingProtocol("ok 1 - first\nok 2 - sec").plan == nil)
  }
}
