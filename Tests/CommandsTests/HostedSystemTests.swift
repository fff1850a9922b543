import Commands
import HostedKernel
import KernelCore
import KernelObjects
import TargetLink
import Testing

/// The same kernel core as in the image, over memory of this process.
@Suite struct HostedSystemTests {
  /// Where the recorded sessions' kernel lives, so that its addresses are always the same.
  static let base: UInt64 = 0x4000_0000

  @Test func `commands on a hosted kernel print what was recorded`() throws {
    let scenario = try Scenario(base: Self.base)
    let hosted = scenario.hosted
    // The server computed, and then the root domain, which the processor's registers belong to now.
    if let server = scenario.domains["server"] {
      let current = Reference<Domain>(hosted.state.object.current)
      _ = hosted.setFloatingPoint(2, to: 0x3ff4_0000_0000_0000, by: server)
      _ = hosted.setFloatingPoint(65, to: 7, by: server)
      _ = hosted.setFloatingPoint(3, to: 1, by: hosted.root)
      hosted.run(current)
    }
    let memory = MemoryRange(address: hosted.memory.base, count: Int(hosted.memory.size))
    let target = InMemoryTarget(live: [memory])
    target.descriptor = try target.readPhysical(address: hosted.descriptor, count: hosted.descriptorSize)
    let session = try CommandSession(target: target)
    try RecordedSession("hosted").replay(in: session)
    withExtendedLifetime(scenario) {}
  }
}
