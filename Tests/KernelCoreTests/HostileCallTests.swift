import KernelModel
import KernelObjects
import Testing

/// `VESPER_TEST_LONG=1` means 10 million calls instead of 100,000.
@Suite struct HostileCallTests {
  private static let length = 2_000
  private static let sequences: UInt64 = ModelTests.isLong ? 3_500 : 35

  @Test(arguments: [Lane.hostileCalls0, .hostileCalls1])
  func `whatever is in the registers, the kernel does what the model says and keeps its invariants`(
    lane: Lane
  ) throws {
    var outcomes: [Lockstep.Outcome: Int] = [:]
    var calls = 0
    for number in 0..<Self.sequences {
      let seed = lane.seed(number)
      var generator = HostileGenerator(seed: seed)
      let sequence = try RandomSequence(
        count: Self.length, base: lane.base, thoroughInterval: 1
      ) {
        generator.next(for: $0)
      }
      calls += sequence.calls
      outcomes.merge(sequence.outcomes, uniquingKeysWith: +)
      if let failure = sequence.failure {
        Issue.record("seed \(seed): \(try failure.shrunk())")
        return
      }
    }
    #expect(calls >= (ModelTests.isLong ? 5_000_000 : 50_000))
    // Some of it must get through.
    let succeeded = outcomes.filter { $0.key.status == .ok && $0.key.invocation != nil }
    #expect(succeeded.count > Invocation.allCases.count / 2)
    #expect(Set(outcomes.keys.map(\.status)).count >= 15)
  }
}
