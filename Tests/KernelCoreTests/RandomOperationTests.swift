import HostedKernel
import KernelCore
import KernelObjects
import Testing

@Suite struct RandomOperationTests {
  /// Operations in each of the sequences; `VESPER_OPERATIONS` makes them longer.
  static let operations = 25_000

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `all invariants hold after every operation of a random sequence`(seed: UInt64) throws {
    var sequence = try RandomOperations(seed: seed)
    for number in 0..<Self.operations {
      sequence.step()
      let violated = sequence.hosted.violatedInvariants()
      if !violated.isEmpty {
        Issue.record("seed \(seed), operation \(number), \(sequence.last): \(violated.prefix(5))")
        return
      }
    }
    // A sequence that is refused everything proves nothing.
    #expect(sequence.statuses[.ok, default: 0] > Self.operations / 10, "\(sequence.statuses)")
    #expect(sequence.statuses.count >= 12, "\(sequence.statuses)")
  }
}
