import Foundation
import Inspection
import Testing

@testable import TargetLink

/// The memory of a guest, looked at while it runs (`qemu:`).
@Suite(.serialized) struct LiveMemoryTests {
  private static let isLong = ProcessInfo.processInfo.environment["VESPER_TEST_LONG"] == "1"

  /// Looks at a machine as a command does: everything it holds. The kernel must have booted.
  private func layouts(_ target: any Target) throws -> KernelLayouts {
    let deadline = Deadline.after(.seconds(120))
    while true {
      if let descriptor = try? DescriptorLocator.locate(in: target) { return try KernelLayouts(descriptor) }
      try #require(!deadline.hasPassed, "no kernel boots")
      usleep(10_000)
    }
  }

  /// One image changes its capabilities all the time, one passes messages, one is measured.
  @Test(arguments: [
    (BuiltFiles.churn, "churn: begins", 100_000), (BuiltFiles.kernel, "clock: alarm 1", 50_000),
    (BuiltFiles.bench, "bench call-0", 50_000),
  ])
  func `snapshots raced against a busy kernel are of one moment, or say that they are not`(
    image: String, begun: String, rounds: Int
  ) throws {
    let machine = try QEMUMachine(QEMUSettings(kernel: image))
    defer { machine.end() }
    // The line is drained, or the machine would stand still.
    let console = try Console(of: machine)
    try machine.start()
    try #require(try console.waits(for: begun), "\(console.text)")
    let target = try TargetSpecification.qemu(String(machine.processID)).attach()
    let layouts = try layouts(target)
    var limits = SnapshotLimits()
    limits.quickAttempts = 20
    var exact = 0
    var epochs: Set<UInt64> = []
    for round in 0..<(Self.isLong ? rounds : rounds / 50) {
      if round.isMultiple(of: 100) {
        _ = try console.waits(for: "nothing says this", bound: .milliseconds(1))
      }
      let snapshot = try Snapshot.take(of: target, layouts: layouts, limits: limits)
      switch snapshot.consistency {
      case .consistent:
        exact += 1
        epochs.insert(snapshot.state.epoch)
        #expect(snapshot.findings.isEmpty, "epoch \(snapshot.state.epoch)")
        if image == BuiltFiles.churn { try checkToken(snapshot) }
        #expect(snapshot.state.epoch.isMultiple(of: 2))
      case .torn(let before, let after):
        #expect(before != after || !before.isMultiple(of: 2))
      case .amidChange:
        Issue.record("a running machine cannot be known to be stopped")
      }
    }
    #expect(
      exact > 0 && epochs.count > 1,
      "\(exact) exact snapshots of \(epochs.count) moments; \(console.text.suffix(300))")
  }

  @Test(arguments: [(BuiltFiles.churn, "churn: begins"), (BuiltFiles.kernel, "clock: alarm 1")])
  func `over the serial line the objects of a kernel that never rests are of one moment`(
    image: String, begun: String
  ) throws {
    let machine = try QEMUMachine(QEMUSettings(kernel: image))
    defer { machine.end() }
    var text: [UInt8] = []
    let target = try machine.startAndAttach(onConsoleText: { text += $0 })
    defer { target.detach() }
    let deadline = Deadline.after(.seconds(120))
    while !String(decoding: text, as: UTF8.self).contains(begun) {
      try #require(!deadline.hasPassed, "\(String(decoding: text, as: UTF8.self))")
      _ = try target.waitForStop(timeout: .milliseconds(10))
    }
    let layouts = try layouts(target)
    var epochs: Set<UInt64> = []
    for _ in 0..<(Self.isLong ? 2_000 : 100) {
      let snapshot = try Snapshot.take(of: target, layouts: layouts)
      #expect(snapshot.consistency == .consistent && snapshot.findings.isEmpty)
      epochs.insert(snapshot.state.epoch)
      if image == BuiltFiles.churn { try checkToken(snapshot) }
    }
    #expect(epochs.count > 50, "the system ran meanwhile")
  }

  /// The capability that Churn moves between eight slots of a CNode (`userland/Churn`) is in one of them.
  private func checkToken(_ snapshot: Snapshot) throws {
    let holders = snapshot.slots.records.filter { $0.capability.detail == .badge(0x70c0) }
    #expect(holders.count == 1, "epoch \(snapshot.state.epoch): \(holders.map(\.address))")
    if let holder = holders.first, case .cnode(_, let index) = holder.holder { #expect(index < 8) }
  }

  /// What a guest prints on its console until it says `end`, one instruction taking one nanosecond of all its clocks.
  private func console(of image: String, until end: String, lookingAt looks: Int) throws -> String {
    var settings = QEMUSettings(kernel: image)
    settings.processor = "cortex-a57"
    settings.memory = "256M"
    settings.arguments = ["-icount", "shift=0,sleep=off", "-rtc", "clock=vm"]
    let machine = try QEMUMachine(settings)
    defer { machine.end() }
    let console = try Console(of: machine)
    try machine.start()
    if looks > 0 {
      let target = try TargetSpecification.qemu(String(machine.processID)).attach()
      let layouts = try layouts(target)
      var limits = SnapshotLimits()
      limits.quickAttempts = 1
      var epochs: Set<UInt64> = []
      for look in 0..<looks {
        let snapshot = try Snapshot.take(
          of: target, layouts: layouts, includingTables: true, limits: limits)
        epochs.insert(snapshot.state.epoch)
        if look.isMultiple(of: 20) { _ = try console.waits(for: end, bound: .milliseconds(1)) }
      }
      #expect(epochs.count > 10, "the guest ran meanwhile")
    }
    #expect(try console.waits(for: end, bound: .seconds(300)), "\(console.text.suffix(500))")
    return console.text.firstRange(of: end).map { String(console.text[..<$0.upperBound]) } ?? ""
  }

  @Test func `a guest whose every instruction counts runs alike with a thousand looks at it and with none`()
    throws
  {
    // Its rows are differences of the counter that counts instructions, and so is the moment of each interrupt.
    let alone = try console(of: BuiltFiles.bench, until: "bench done", lookingAt: 0)
    let lookedAt = try console(of: BuiltFiles.bench, until: "bench done", lookingAt: 1_000)
    #expect(alone.contains("bench call-0"), "\(alone.prefix(500))")
    #expect(alone == lookedAt)
  }
}
