import Testing

@testable import TargetLink

/// What all targets do alike.
struct TargetTests {
  /// A target that can only be stopped, and stops for the reason that a test gives.
  private final class StoppableTarget: Target {
    let wayIn = "test"
    let capabilities: TargetCapabilities = [.runControl]
    private(set) var state = RunState.running
    var directMapOffset: UInt64 = 0
    var onConsoleText: (([UInt8]) -> Void)?
    private let reason: StopEvent.Reason

    init(stoppingFor reason: StopEvent.Reason) { self.reason = reason }

    func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] { ranges.map { _ in nil } }

    func interrupt() throws(TargetError) -> StopEvent {
      state = .stopped(StopEvent(reason))
      return StopEvent(reason)
    }

    func resume() throws(TargetError) { state = .running }

    func detach(keepingStop: Bool) {}
  }

  private func stopFor(_ reason: StopEvent.Reason) throws -> RunState {
    let target = StoppableTarget(stoppingFor: reason)
    try target.whileStopped { () throws(TargetError) in #expect(target.state != .running) }
    return target.state
  }

  @Test func `a target that was stopped for a moment runs on`() throws {
    #expect(try stopFor(.interrupt) == .running)
  }

  @Test func `a breakpoint that is hit at that moment is not lost`() throws {
    #expect(try stopFor(.breakpoint) == .stopped(StopEvent(.breakpoint)))
  }

  @Test func `a target runs on also if what was done meanwhile fails`() throws {
    let target = StoppableTarget(stoppingFor: .interrupt)
    #expect(throws: TargetError.unreadable(address: 8, count: 4)) {
      try target.whileStopped { () throws(TargetError) in
        _ = try target.readPhysical(address: 8, count: 4)
      }
    }
    #expect(target.state == .running)
  }

  @Test func `what a way in lacks is refused by its name`() {
    let target = InMemoryTarget(image: [:])
    #expect(throws: TargetError.notSupported(operation: "stepping", way: "memory")) { try target.step() }
  }

  @Test func `pieces of an image are read, and nothing across its ends`() throws {
    let target = InMemoryTarget(image: [0x1000: [1, 2, 3], .max: [9]])
    let read = try target.readPhysical([
      MemoryRange(address: 0x1001, count: 2), MemoryRange(address: 0x1002, count: 2),
      MemoryRange(address: 0xfff, count: 1), MemoryRange(address: .max, count: 1),
      MemoryRange(address: .max, count: 2), MemoryRange(address: 0x1000, count: -1),
    ])
    #expect(read == [[2, 3], nil, nil, [9], nil, nil])
  }
}
