import HostedKernel
import KernelCore
import KernelObjects
import Testing

/// What a handler's answer does to the domain that faulted.
@Suite struct FaultAnswerTests {
  /// A domain that faulted, and the root domain that handles it.
  private struct Faulted {
    let workshop: Workshop
    var hosted: HostedKernel { workshop.hosted }
    var domain: Reference<Domain> { workshop.worker }

    init() throws {
      workshop = try Workshop()
      try workshop.configure()
      #expect(workshop.invoke(workshop.domain, .domainStart, [0x1000, 0x2000, 1, 2, 3]).status == .ok)
      hosted.fault(.undefinedInstruction, address: 0, syndrome: 0, by: domain)
      hosted.systemCall(SystemCall.receive.rawValue, workshop.endpoint, by: hosted.root)
      #expect(domain.object.state == DomainState.blockedOnReply.rawValue)
    }

    /// Answers by `call`, and says what came of it.
    func answer(by call: SystemCall = .reply, label: UInt64 = 2, _ words: [UInt64]) throws -> CallResult {
      var pointer = call == .replyReceive ? workshop.endpoint : 0
      if call != .reply && call != .replyReceive {
        pointer = workshop.empty
        if hosted.rootSlot(pointer).capability.isNull {
          #expect(workshop.invoke(workshop.root, .cnodeSaveReply, [pointer]).status == .ok)
        }
      }
      let info = MessageInfo(label: label, length: UInt64(words.count))
      hosted.systemCall(call.rawValue, pointer, info: info, words: words, by: hosted.root)
      return hosted.result(of: hosted.root)
    }

    var registers: [UInt64] {
      (0..<UInt64(RegisterFrame.count)).map { Reference<UInt64>(domain.address)[$0].object }
    }
  }

  @Test func `answers are refused with the documented errors`() throws {
    #expect(try Manual.faultAnswerErrors() == [.outOfRange, .invalidArgument, .misaligned])
    let labels = try Manual.section("The answer", of: "faults").rows("label of the answer").map { $0[0] }
    #expect(
      labels == [FaultAnswer.resume, .resumeWithRegisters].map { "\($0.rawValue)" } + ["any other"])
  }

  private static let calls: [SystemCall] = [.reply, .call, .send, .nonBlockingSend]

  @Test(arguments: calls)
  func `an answer sets the registers that it chooses, and no others`(call: SystemCall) throws {
    let faulted = try Faulted()
    var expected = faulted.registers
    expected[0] = 7
    expected[30] = 8
    expected[31] = 0x3000
    expected[32] = 0x1004
    expected[33] = 0x6000_0000
    let result = try faulted.answer(by: call, [1 | 1 << 30 | 7 << 31, 7, 8, 0x3000, 0x1004, 0x6000_0000])
    #expect(result.status == .ok)
    #expect(faulted.registers == expected)
    #expect(faulted.domain.object.state == DomainState.ready.rawValue)
    #expect(faulted.domain.object.faultKind == FaultKind.none.rawValue)
  }

  @Test func `replyReceive answers so too, and waits`() throws {
    let faulted = try Faulted()
    _ = try faulted.answer(by: .replyReceive, [1 << 32 | 1 << 34, 0x1008, 9])
    #expect(faulted.domain.object.registers.pc == 0x1008)
    #expect(faulted.domain.object.registers.tpidr == 9)
    #expect(faulted.hosted.root.object.state == DomainState.blockedOnReceive.rawValue)
  }

  @Test func `an answer that chooses nothing resumes`() throws {
    let faulted = try Faulted()
    let before = faulted.registers
    #expect(try faulted.answer([0]).status == .ok)
    #expect(faulted.registers == before)
    #expect(faulted.domain.object.state == DomainState.ready.rawValue)
  }

  @Test(arguments: calls + [.replyReceive])
  func `an answer that is refused changes nothing, and can be given again`(call: SystemCall) throws {
    let faulted = try Faulted()
    let before = faulted.registers
    let wrong: [(words: [UInt64], status: Status, argument: UInt64, detail: UInt64)] = [
      ([1 << 35, 0], .outOfRange, 1, 1 << 35),
      ([.max], .outOfRange, 1, 1 << 35),
      ([3, 0], .invalidArgument, 1, 2),
      ([1, 0, 0], .invalidArgument, 1, 1),
      ([], .invalidArgument, 1, 0),
      ([63, 1, 2, 3, 4, 5], .invalidArgument, 1, 6),
      ([1 | 1 << 32, 0, 0x1002], .misaligned, 3, 4),
    ]
    for (words, status, argument, detail) in wrong {
      // What a message is too short for is in the register all the same.
      faulted.hosted.root[x: 2] = 0
      let result = try faulted.answer(by: call, words)
      #expect(result.status == status, "\(words)")
      #expect(result.words == [argument, detail], "\(words)")
      #expect(faulted.registers == before)
      #expect(faulted.domain.object.state == DomainState.blockedOnReply.rawValue)
    }
    _ = try faulted.answer(by: call, [1, 5])
    #expect(faulted.domain[x: 0] == 5)
    #expect(faulted.domain.object.state == DomainState.ready.rawValue)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 27, 32, 63])
  func `no bit of pstate but the condition flags is taken`(bit: UInt64) throws {
    let faulted = try Faulted()
    let result = try faulted.answer([1 << 33, 0xf000_0000 | 1 << bit])
    #expect(result.status == .invalidArgument)
    #expect(result.words == [2, 1 << bit])
    #expect(faulted.domain.object.registers.pstate == 0)
  }

  @Test func `a domain that a debugger holds stays held whatever the handler answers`() throws {
    let faulted = try Faulted()
    faulted.hosted.kernel.hold(faulted.domain, as: .held)
    #expect(try faulted.answer([1 << 33, 0x8000_0000]).status == .ok)
    #expect(faulted.domain.object.registers.pstate == 0x8000_0000 | HeldState.illegalExecution)
  }

  @Test func `the answer to a call is a message, whatever its label`() throws {
    let workshop = try Workshop()
    try workshop.configure()
    _ = workshop.invoke(workshop.domain, .domainStart, [0x1000, 0x2000])
    let hosted = workshop.hosted
    hosted.systemCall(SystemCall.call.rawValue, workshop.endpoint, by: workshop.worker)
    hosted.systemCall(SystemCall.receive.rawValue, workshop.endpoint, by: hosted.root)
    let info = MessageInfo(label: 2, length: 2)
    hosted.systemCall(SystemCall.reply.rawValue, 0, info: info, words: [.max, 1], by: hosted.root)
    #expect(hosted.result(of: workshop.worker).info == info)
    #expect(workshop.worker.object.registers.pc == 0x1000)
  }
}
