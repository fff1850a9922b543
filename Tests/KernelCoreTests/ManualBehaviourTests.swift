import HostedKernel
import KernelCore
import KernelModel
import KernelObjects
import Testing

/// The kernel does what the manual says.
@Suite struct ManualBehaviourTests {
  @Test(arguments: Invocation.allCases)
  func `an invocation succeeds with the documented arguments, whatever the other words are`(
    invocation: Invocation
  ) throws {
    let documented = try #require(try DocumentedInvocation.all().first { $0.invocation == invocation })
    for filler in [0, UInt64.max] {
      let workshop = try Workshop()
      try workshop.prepare(for: invocation)
      let (pointer, words) = workshop.call(invocation)
      #expect(words.count == documented.arguments.count - 1)
      let filled = words + Array(repeating: filler, count: 6 - words.count)
      #expect(workshop.invoke(pointer, invocation, filled).status == .ok)
    }
  }

  @Test(arguments: Invocation.allCases)
  func `an invocation is refused without each right that the manual says it needs`(invocation: Invocation)
    throws
  {
    let documented = try #require(try DocumentedInvocation.all().first { $0.invocation == invocation })
    for (index, argument) in documented.arguments.enumerated() {
      for right in [Rights.read, .write, .grant] where argument.needs.contains(right) {
        let workshop = try Workshop()
        try workshop.prepare(for: invocation)
        var (pointer, words) = workshop.call(invocation)
        let kept = UInt64(Rights.all.subtracting(right).rawValue)
        let source = index == 0 ? pointer : words[index - 1]
        let copied = workshop.invoke(
          workshop.root, .cnodeCopy, [workshop.empty, workshop.root, source, kept])
        try #require(copied.status == .ok)
        if index == 0 { pointer = workshop.empty } else { words[index - 1] = workshop.empty }
        let result = workshop.invoke(pointer, invocation, words)
        #expect(result.status == .missingRight)
        #expect(result.words == [UInt64(index), UInt64(right.rawValue)])
      }
    }
  }

  /// What random calls were refused with, until all that is looked for has been seen.
  private func observed(_ isEnough: (Set<Lockstep.Outcome>) -> Bool) throws -> Set<Lockstep.Outcome> {
    var outcomes: Set<Lockstep.Outcome> = []
    for seed in UInt64(0)..<100 where !isEnough(outcomes) {
      var sensible = OperationGenerator(seed: seed)
      var hostile = HostileGenerator(seed: seed)
      for next in [{ sensible.next(for: $0) }, { hostile.next(for: $0) }]
        as [(Lockstep) -> KernelModel.Operation]
      {
        let sequence = try RandomSequence(count: 4_000, base: Lane.manual.base, next: next)
        if let failure = sequence.failure { throw failure }
        outcomes.formUnion(sequence.outcomes.keys)
      }
    }
    return outcomes
  }

  @Test func `random calls are refused with the documented errors, with all of them, and with no others`()
    throws
  {
    let documented = try DocumentedInvocation.all()
    // 65,535 ProtectionDomains, and nine lenders of one slice, have cases of their own.
    let rare: Set = [
      DocumentedInvocation.Error(status: .exhausted, argument: 1),
      DocumentedInvocation.Error(status: .exhausted, argument: 0),
    ]
    let errors = { (outcomes: Set<Lockstep.Outcome>, invocation: Invocation) in
      Set(
        outcomes.filter { $0.invocation == invocation && $0.status != .ok }
          .map { DocumentedInvocation.Error(status: $0.status, argument: $0.argument) })
    }
    let outcomes = try observed { outcomes in
      documented.allSatisfy { $0.errors.subtracting(rare).isSubset(of: errors(outcomes, $0.invocation)) }
    }
    for entry in documented {
      let seen = errors(outcomes, entry.invocation)
      #expect(seen.subtracting(entry.errors).isEmpty, "\(entry.invocation): not in the manual")
      #expect(entry.errors.subtracting(seen).subtracting(rare).isEmpty, "\(entry.invocation): never seen")
    }
    try checkCalls(outcomes)
  }

  static let answering: Set<SystemCall> = [.call, .replyReceive, .send, .nonBlockingSend, .reply]

  private func checkCalls(_ outcomes: Set<Lockstep.Outcome>) throws {
    let rows = try Manual.section("Errors", of: "system-calls").rows("call")
    for call in SystemCall.allCases {
      let documented = Set(
        try rows.filter { $0[0] == "`\(call)`" }.map { try DocumentedInvocation.status($0[1]) })
      // Whoever blocks is answered later: a case of its own.
      // What an answer to a fault is refused with: cases of their own (FaultAnswerTests).
      let answers = Self.answering.contains(call) ? try Manual.faultAnswerErrors() : []
      let seen = Set(outcomes.filter { $0.call == call && $0.invocation == nil }.map(\.status))
      #expect(seen.subtracting(answers).subtracting([.ok]) == documented.subtracting([.cancelled]), "\(call)")
    }
  }

  @Test func `a ProtectionDomain is refused when no address space identifier is left`() throws {
    let workshop = try Workshop()
    let identifiers = Reference<UInt64>(workshop.hosted.state.address + KernelState.asidsOffset)
    for word in 0..<KernelState.asidCount / 64 { identifiers[word].object = .max }
    let type = UInt64(CapabilityType.protectionDomain.rawValue)
    let result = workshop.invoke(
      workshop.untyped, .untypedRetype, [type, 0, 1, workshop.root, workshop.empty])
    #expect(result.status == .exhausted)
    #expect(result.words == [1, 0])
  }

  @Test(arguments: [SystemCall.call, .send, .receive, .replyReceive])
  func `whoever waits at an endpoint that is destroyed is told cancelled`(call: SystemCall) throws {
    let rows = try Manual.section("Errors", of: "system-calls").rows("call")
    #expect(rows.contains { $0[0] == "`\(call)`" && $0[1] == "`cancelled`" })
    let workshop = try Workshop()
    // Without a fault endpoint, so that deleting the one capability destroys it.
    _ = workshop.invoke(workshop.domain, .domainConfigure, [workshop.root, workshop.protectionDomain, 0])
    _ = workshop.invoke(workshop.domain, .domainStart, [])
    workshop.hosted.systemCall(call.rawValue, workshop.endpoint, by: workshop.worker)
    #expect(workshop.worker.object.state != DomainState.ready.rawValue)
    #expect(workshop.invoke(workshop.root, .cnodeDelete, [workshop.endpoint]).status == .ok)
    #expect(workshop.worker.object.state == DomainState.ready.rawValue)
    #expect(workshop.hosted.result(of: workshop.worker).status == .cancelled)
  }

  @Test func `objects take the documented bytes, and are copied or not as documented`() throws {
    for row in try Manual.section("Objects", of: "README").rows("type") {
      let number = try #require(UInt64(row[0]))
      let workshop = try Workshop()
      if let size = Self.size(row[2]) {
        let words = [number, Self.example(row[2]), 1, workshop.root, workshop.empty]
        #expect(workshop.invoke(workshop.untyped, .untypedRetype, words).status == .ok, "\(row[1])")
        #expect(workshop.hosted.rootSlot(workshop.untyped).capability.watermark == 1 << size, "\(row[1])")
      }
      let slot = try slot(of: number, in: workshop)
      let copy = workshop.invoke(
        workshop.root, .cnodeCopy, [workshop.empty + 1, workshop.root, slot, 7])
      #expect(copy.status == (row[3] == "yes" ? .ok : .wrongType), "\(row[1])")
    }
  }

  /// log2 of the bytes of an example: a CNode of radix 3, the smallest Untyped.
  private static func size(_ cell: String) -> UInt64? {
    switch cell {
    case "-": nil
    case "5 + radix": 8
    default: UInt64(cell.prefix { $0 != "." })
    }
  }

  private static func example(_ cell: String) -> UInt64 { cell == "5 + radix" ? 3 : 5 }

  /// A slot of the root CNode with a capability of that type.
  private func slot(of type: UInt64, in workshop: Workshop) throws -> UInt64 {
    if type == UInt64(CapabilityType.reply.rawValue) {
      try workshop.prepare(for: .cnodeSaveReply)
      let saved = workshop.empty + 2
      #expect(workshop.invoke(workshop.root, .cnodeSaveReply, [saved]).status == .ok)
      return saved
    }
    let slots = 1..<workshop.empty
    return try #require(slots.first { UInt64(workshop.hosted.rootSlot($0).capability.rawType) == type })
  }

  @Test func `a fault's message holds what the manual says`() throws {
    let parts = try Manual.section("The message", of: "faults").rows("part").map { $0[0] }
    #expect(parts == ["label", "w0", "w1", "w2", "w3", "w4", "badge"])
    let workshop = try Workshop()
    try workshop.configure()
    _ = workshop.invoke(workshop.domain, .domainStart, [0x1000, 0x2000])
    workshop.hosted.run(workshop.worker)
    workshop.hosted.kernel.handleFault(.dataAbort, address: 0x123, syndrome: 0x9200_0000)
    workshop.hosted.systemCall(
      SystemCall.receive.rawValue, workshop.endpoint, by: workshop.hosted.root)
    let message = workshop.hosted.result(of: workshop.hosted.root)
    #expect(message.info == MessageInfo(label: UInt64(FaultKind.dataAbort.rawValue), length: 5))
    #expect(message.words == [0x1000, 0x123, 0x9200_0000, 0x2000, 0])
    #expect(message.badge == 0)
  }
}
