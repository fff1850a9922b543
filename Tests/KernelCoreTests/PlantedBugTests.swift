import KernelCore
import KernelModel
import KernelObjects
import Testing

/// A kernel with a mistake.
struct PlantedBug: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let lane: Lane
  /// Most operations that are left to show it; where it takes a slice of some domain, ticks are most of them.
  let steps: Int
  let mistake: Mistake

  /// One that does something else than it is told.
  private init(
    _ testDescription: String, lane: Lane, steps: Int, _ invocation: Invocation,
    _ change: @escaping @Sendable (inout CallRegisters) -> Void
  ) {
    self.init(
      testDescription: testDescription, lane: lane, steps: steps,
      mistake: Mistake(translate: { operation in
        guard case .call(let actor, var registers) = operation, registers.invocation == invocation else {
          return operation
        }
        change(&registers)
        return .call(actor, registers)
      }))
  }

  /// One that enters activations wrongly. Nobody runs between operations: who was activated is still at the
  /// entry.
  private init(
    _ testDescription: String, lane: Lane, steps: Int,
    activation change: @escaping @Sendable (Reference<Domain>, Reference<ControlBlock>) -> Void
  ) {
    self.init(
      testDescription: testDescription, lane: lane, steps: steps,
      mistake: Mistake(spoil: { domain in
        let capability = domain.object.controlBlock.capability
        guard capability.isA(.frame) else { return }
        let block = Reference<ControlBlock>(capability.address)
        let registers = domain.object.registers
        let isEntered =
          block.object.isOn == 0 && block.object.reason != 0 && registers.pc == block.object.entry
          && registers.x[0] == block.object.reason && registers.x[1] == block.object.events
        if isEntered { change(domain, block) }
      }))
  }

  private init(testDescription: String, lane: Lane, steps: Int, mistake: Mistake) {
    self.testDescription = testDescription
    self.lane = lane
    self.steps = steps
    self.mistake = mistake
  }

  static let all = [
    PlantedBug("mint gives all rights", lane: .mint, steps: 2, .cnodeMint) { $0.words[3] = 7 },
    PlantedBug("revoke revokes nothing", lane: .revoke, steps: 3, .cnodeRevoke) {
      $0.info = MessageInfo(label: Invocation.cnodeSaveReply.rawValue, length: 6).word
    },
    PlantedBug("move copies", lane: .move, steps: 2, .cnodeMove) {
      $0.info = MessageInfo(label: Invocation.cnodeCopy.rawValue, length: 6).word
      $0.words[3] = 7
    },
    PlantedBug("a page that is made read-only stays writable", lane: .protect, steps: 15, .segmentProtect) {
      if $0.words[1] == 1 { $0.words[1] = 3 }
    },
    PlantedBug("the last slice of a split stays", lane: .split, steps: 2, .timeSliceSplit) {
      $0.words[0] += 1
    },
    PlantedBug(
      "activations are not off inside of one", lane: .innerActivation, steps: 20,
      activation: { _, block in
        block.object.isOn = 1
      }),
    PlantedBug(
      "the signals that wait where a slice begins are lost", lane: .lostSignals, steps: 60,
      activation: { domain, block in
        guard ActivationReason(rawValue: block.object.reason).contains(.sliceBegan) else { return }
        block.object.reason = ActivationReason.sliceBegan.rawValue
        block.object.events = 0
        domain[x: 0] = block.object.reason
        domain[x: 1] = 0
      }),
  ]
}

@Suite struct PlantedBugTests {
  @Test(arguments: PlantedBug.all)
  func `a bug is found, shrunk to a few operations, and comes back with the text of them`(bug: PlantedBug)
    throws
  {
    let failure = try #require(try find(bug))
    let shrunk = try failure.shrunk(mistake: bug.mistake)
    #expect(shrunk.recording.operations.count <= bug.steps, "\(shrunk)")
    let repeated = try #require(Recording("\(shrunk.recording)"))
    #expect(
      try repeated.replay(mistake: bug.mistake)?.difference.description == shrunk.difference.description)
    #expect(try repeated.replay() == nil, "without the bug nothing is wrong")
  }

  private func find(_ bug: PlantedBug) throws -> Failure? {
    for seed in UInt64(0)..<40 {
      var generator = OperationGenerator(seed: seed)
      let sequence = try RandomSequence(
        count: 1_500, base: bug.lane.base, mistake: bug.mistake
      ) { generator.next(for: $0) }
      if let failure = sequence.failure { return failure }
    }
    return nil
  }
}
