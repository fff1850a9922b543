import KernelModel
import KernelObjects
import Testing

/// A kernel with a mistake: it does something else than it is told. The model is told the truth.
struct PlantedBug: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let lane: UInt64
  /// Most operations that are needed to show it.
  let steps: Int
  let change: @Sendable (inout CallRegisters) -> Void
  let invocation: Invocation

  func translate(_ operation: Operation) -> Operation {
    guard case .call(let actor, var registers) = operation, registers.invocation == invocation else {
      return operation
    }
    change(&registers)
    return .call(actor, registers)
  }

  static let all = [
    PlantedBug(
      testDescription: "mint gives all rights", lane: 5, steps: 2, change: { $0.words[3] = 7 },
      invocation: .cnodeMint),
    PlantedBug(
      testDescription: "revoke revokes nothing", lane: 6, steps: 3,
      change: { $0.info = MessageInfo(label: Invocation.cnodeSaveReply.rawValue, length: 6).word },
      invocation: .cnodeRevoke),
    PlantedBug(
      testDescription: "move copies", lane: 7, steps: 2,
      change: {
        $0.info = MessageInfo(label: Invocation.cnodeCopy.rawValue, length: 6).word
        $0.words[3] = 7
      }, invocation: .cnodeMove),
    PlantedBug(
      testDescription: "a page that is made read-only stays writable", lane: 8, steps: 15,
      change: { if $0.words[1] == 1 { $0.words[1] = 3 } }, invocation: .segmentProtect),
    PlantedBug(
      testDescription: "the last slice of a split stays", lane: 9, steps: 2,
      change: { $0.words[0] += 1 }, invocation: .timeSliceSplit),
  ]
}

@Suite struct PlantedBugTests {
  @Test(arguments: PlantedBug.all)
  func `a bug is found, shrunk to a few operations, and comes back with the text of them`(bug: PlantedBug)
    throws
  {
    let failure = try #require(try find(bug))
    let shrunk = try failure.shrunk(translate: bug.translate)
    #expect(shrunk.recording.operations.count <= bug.steps, "\(shrunk)")
    let repeated = try #require(Recording("\(shrunk.recording)"))
    #expect(
      try repeated.replay(translate: bug.translate)?.difference.description == shrunk.difference.description)
    #expect(try repeated.replay() == nil, "without the bug nothing is wrong")
  }

  private func find(_ bug: PlantedBug) throws -> Failure? {
    for seed in UInt64(0)..<40 {
      var generator = OperationGenerator(seed: seed)
      let sequence = try RandomSequence(
        count: 1_500, base: ModelTests.base(bug.lane), translate: bug.translate
      ) { generator.next(for: $0) }
      if let failure = sequence.failure { return failure }
    }
    return nil
  }
}
