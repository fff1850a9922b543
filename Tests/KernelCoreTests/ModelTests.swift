import Foundation
import KernelModel
import KernelObjects
import Testing

/// A kernel lives at an address of its own. `VESPER_TEST_LONG=1` means 10 million operations instead of 200,000;
/// `VESPER_REPLAY=FILE` does again what a failure printed.
@Suite struct ModelTests {
  static let isLong = ProcessInfo.processInfo.environment["VESPER_TEST_LONG"] == "1"
  /// Operations of one sequence.
  private static let length = 4_000
  private static let sequences: UInt64 = isLong ? 1_250 : 25

  @Test(arguments: [Lane.model0, .model1])
  func `kernel and model agree after every operation of random sequences`(lane: Lane) throws {
    var outcomes: [Lockstep.Outcome: Int] = [:]
    for number in 0..<Self.sequences {
      let seed = lane.seed(number)
      var generator = OperationGenerator(seed: seed)
      let sequence = try RandomSequence(count: Self.length, base: lane.base) {
        generator.next(for: $0)
      }
      outcomes.merge(sequence.outcomes, uniquingKeysWith: +)
      if let failure = sequence.failure {
        Issue.record("seed \(seed): \(try failure.shrunk())")
        return
      }
    }
    // A sequence that is refused everything proves nothing.
    let succeeded = outcomes.filter { $0.key.status == .ok }
    #expect(succeeded.values.reduce(0, +) > outcomes.values.reduce(0, +) / 3)
    for invocation in Invocation.allCases {
      #expect(succeeded.keys.contains { $0.invocation == invocation }, "\(invocation) never succeeded")
    }
  }

  /// With no work allowed at all, an entry takes one step.
  @Test(arguments: [(0, .noWorkAtOnce), (100, .littleWorkAtOnce)] as [(UInt64, Lane)])
  func `a kernel that leaves long operations unfinished comes to what the model says`(
    workLimit: UInt64, lane: Lane
  ) throws {
    var count = 0
    var number: UInt64 = 0
    while count < (Self.isLong ? 1_000_000 : 20_000) {
      let seed = lane.seed(number)
      var generator = OperationGenerator(seed: seed)
      let sequence = try RandomSequence(
        count: Self.length, base: lane.base, workLimit: workLimit
      ) { generator.next(for: $0) }
      if let failure = sequence.failure {
        Issue.record("seed \(seed): \(try failure.shrunk())")
        return
      }
      count += sequence.count
      number += 1
    }
    #expect(number < (Self.isLong ? 50_000 : 1_000), "sequences are too short to prove anything")
  }

  @Test(arguments: [Lane.firstText, .secondText])
  func `the text of an operation says all of it`(lane: Lane) throws {
    var generator = OperationGenerator(seed: lane.seed(0))
    var recording = Recording(base: lane.base)
    _ = try RandomSequence(count: 2_000, base: recording.base) { lockstep in
      let operation = generator.next(for: lockstep)
      recording.operations.append(operation)
      return operation
    }
    #expect(Recording("\(recording)") == recording)
    #expect(Recording("base 0x1000\nactor0 call 1 cnodeCopy 2 three") == nil)
    #expect(Recording("tick") == nil)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["VESPER_REPLAY"] != nil))
  func `what VESPER_REPLAY names does not fail any more`() throws {
    let file = ProcessInfo.processInfo.environment["VESPER_REPLAY"] ?? ""
    let recording = try #require(Recording(try String(contentsOfFile: file, encoding: .utf8)))
    if let failure = try recording.replay() { Issue.record("\(try failure.shrunk())") }
  }
}
