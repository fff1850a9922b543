import HostedKernel
import KernelObjects
import TargetLink
import Testing

@testable import Inspection

/// Snapshots of what a target gathers by itself.
@Suite struct GatheredSnapshotTests {
  /// A target that gathers all of the kernel's memory, or some of it.
  private final class GatheringTarget: Target {
    let wayIn = "gathering"
    let capabilities: TargetCapabilities = [.readsWhileRunning]
    var state = RunState.running
    var directMapOffset: UInt64 = 0
    var onConsoleText: (([UInt8]) -> Void)?
    private let inner: InMemoryTarget
    var gathered: [MemoryRange] = []
    /// What happens between what is gathered and what is read.
    var meanwhile: () -> Void = {}
    private(set) var reads = 0
    private(set) var gatherings = 0

    init(_ inner: InMemoryTarget) { self.inner = inner }

    func readObjects() throws(TargetError) -> GatheredMemory? {
      gatherings += 1
      var memory = GatheredMemory()
      for range in gathered {
        memory.append(try inner.readPhysical(address: range.address, count: range.count), at: range.address)
      }
      memory.sort()
      meanwhile()
      return memory
    }

    func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
      reads += 1
      return try inner.readPhysical(ranges)
    }

    func detach(keepingStop: Bool) {}
  }

  private let fixture: HostedFixture
  private let target: GatheringTarget
  private let layouts: KernelLayouts
  private let all: MemoryRange

  init() throws {
    fixture = try HostedFixture()
    target = GatheringTarget(fixture.target)
    layouts = try KernelLayouts(DescriptorLocator.locate(in: fixture.target))
    all = MemoryRange(
      address: fixture.scenario.hosted.memory.base, count: Int(fixture.scenario.hosted.memory.size))
  }

  private var epoch: UInt64 { layouts.constants.state + UInt64(layouts.state.epoch.offset) }

  /// As the kernel does it when it is entered and left.
  private func enterKernel() {
    do { try fixture.set(try fixture.word(at: epoch) + 2, at: epoch) } catch { Issue.record("\(error)") }
  }

  private func take() throws -> Snapshot { try Snapshot.take(of: target, layouts: layouts) }

  @Test func `what is gathered is of one moment, whatever the kernel does next, and nothing else is read`()
    throws
  {
    target.gathered = [all]
    target.meanwhile = enterKernel
    let snapshot = try take()
    #expect(snapshot.consistency == .consistent)
    #expect(target.reads == 0 && target.gatherings == 1)
    let usual = try fixture.snapshot()
    #expect(snapshot.slots.records.map(\.address) == usual.slots.records.map(\.address))
    #expect(snapshot.domains.count == usual.domains.count && snapshot.findings.isEmpty)
  }

  @Test func `what is missing is read, and the kernel must not have moved meanwhile`() throws {
    let usual = try fixture.snapshot()
    let domain = try #require(usual.domains.keys.max())
    target.gathered = [MemoryRange(address: all.address, count: Int(domain - all.address))]
    #expect(try take().consistency == .consistent)
    #expect(target.reads > 0)
    let before = try fixture.word(at: epoch)
    target.meanwhile = enterKernel
    let torn = try take()
    #expect(torn.consistency == .torn(before: before + 4, after: before + 6))
    #expect(target.gatherings == 1 + SnapshotLimits().attempts)
    #expect(torn.domains.count == usual.domains.count)
  }

  @Test func `nothing gathered is no snapshot of one moment`() throws {
    let before = try fixture.word(at: epoch)
    #expect(try take().consistency == .consistent)
    target.meanwhile = enterKernel
    // Of what is read later, the first is the state, and it is not torn from what comes behind it.
    #expect(try take().consistency == .consistent)
    #expect(try fixture.word(at: epoch) == before + 2)
  }

  @Test func `an odd epoch is a change under way, of a kernel that is stopped in it`() throws {
    target.gathered = [all]
    try fixture.set(try fixture.word(at: epoch) | 1, at: epoch)
    let odd = try fixture.word(at: epoch)
    #expect(try take().consistency == .torn(before: odd, after: odd))
    target.state = .stopped(StopEvent(.interrupt))
    #expect(try take().consistency == .amidChange)
  }
}
