import Testing

@testable import TargetLink

/// What the answers to `qvesper.Objects` mean.
@Suite struct ObjectMemoryTests {
  private func told(by answers: [String], directMapOffset: UInt64 = 0) -> GatheredMemory? {
    var objects = ObjectMemory(directMapOffset: directMapOffset)
    for answer in answers.dropLast() where objects.take(Array(answer.utf8)) != .goesOn { return nil }
    return objects.take(Array((answers.last ?? "").utf8)) == .done ? objects.memory : nil
  }

  private func range(_ address: UInt64, _ count: Int) -> MemoryRange {
    MemoryRange(address: address, count: count)
  }

  @Test func `parts follow each other, and what is passed between them is unknown`() throws {
    let memory = try #require(
      told(by: ["m>1000,2,3:abc", "m0,2:de4,0:>100,0,1:x", "m<10d,", "m0,1:y", "l"], directMapOffset: 0x800))
    #expect(memory[range(0x800, 7)] == [0, 0] + Array("abcde".utf8))
    #expect(memory[range(0x802, 3)] == Array("abc".utf8))
    #expect(memory[range(0x807, 4)] == [0, 0, 0, 0])
    #expect(memory[range(0x806, 6)] == nil)
    #expect(memory[range(0x90b, 1)] == Array("x".utf8))
    #expect(memory[range(0x90b, 2)] == nil)
    #expect(memory[range(0x90a, 1)] == nil)
    #expect(memory[range(0x806, 1)] == Array("e".utf8))
    #expect(memory[range(0x80b, 0)] == [])
    #expect(memory[range(0x7ff, 1)] == Array("y".utf8))
    #expect(memory[range(0x7ff, 2)] == nil)
    #expect(memory[range(0, 1)] == nil)
    #expect(memory[range(0x802, -1)] == nil)
    #expect(memory.count == 7 + 4 + 2)
  }

  @Test func `a kernel without objects has none`() throws {
    let memory = try #require(told(by: ["l"]))
    #expect(memory.count == 0)
    #expect(memory[range(0, 0)] == nil)
  }

  @Test(arguments: [
    "", "m", "n0,1:a", "l0,1:a", "m>", "m>,0,1:a", "m>10", "m>10,>20,0,1:a", "m0", "m0,1", "m0,2:a", "m0,0:",
    "m400001,0:", "m0,400001:a", "mffffffffffffffff,ffffffffffffffff:a", "m>10000000000000000,0,1:a",
  ])
  func `an answer of another form, or that tells of too much, is told apart`(answer: String) {
    var objects = ObjectMemory(directMapOffset: 0)
    #expect(objects.take(Array(answer.utf8)) == .malformed)
  }

  @Test func `what answers tell of is bounded as a whole`() {
    var objects = ObjectMemory(directMapOffset: 0)
    for _ in 0..<4 { #expect(objects.take(Array("m100000,0:".utf8)) == .goesOn) }
    #expect(objects.take(Array("m1,0:".utf8)) == .malformed)
  }

  @Test(arguments: ["m>1,", "m0,1:a", "m" + String(repeating: ">1,0,1:a", count: 500)])
  func `answers come to an end, however little they say`(answer: String) {
    var objects = ObjectMemory(directMapOffset: 0)
    var answers = 0
    while objects.take(Array(answer.utf8)) == .goesOn, answers < 300 { answers += 1 }
    #expect((1..<256).contains(answers))
  }
}

/// The exchange that brings them.
@Suite struct ObjectReadingTests {
  private func target(
    window: Int = 8, _ answer: @escaping @Sendable () -> FakeStub.Answer
  ) throws -> SerialStubTarget {
    let stub = FakeStub { request in
      if request.hasPrefix("qSupported") { return .reply("QStartNoAckMode+;qvesper.Objects+") }
      if request == "QStartNoAckMode" { return .reply("OK") }
      if request == "qvesper.Epoch" { return .reply("2a") }
      return request == "qvesper.Objects:4000" ? answer() : .reply("E10")
    }
    let target = try SerialStubTarget(
      channel: stub.channel, wayIn: "serial:test", window: window, timeout: .seconds(20))
    target.directMapOffset = 0x1000
    return target
  }

  @Test func `all of it comes from one request, and the line is free for the next`() throws {
    let target = try target { .packets(["m>1000,0,2:ab", "m0,1:c", "l"]) }
    for _ in 0..<3 {
      let memory = try #require(try target.readObjects())
      #expect(memory[MemoryRange(address: 0, count: 3)] == Array("abc".utf8))
      #expect(try target.readEpoch() == 0x2a)
    }
  }

  @Test func `console text between the packets is no answer`() throws {
    let target = try target { .packets(["m>1000,0,2:ab", "O6869", "l"]) }
    var text: [UInt8] = []
    target.onConsoleText = { text += $0 }
    #expect(try target.readObjects()?.count == 2)
    #expect(text == Array("hi".utf8))
  }

  @Test func `of what was damaged nothing is used, and the line is free for the next`() throws {
    let damaged = Array("$m0,1:c#00".utf8)
    let target = try target { .bytes(FakeStub.frame("m>1000,0,2:ab") + damaged + FakeStub.frame("l")) }
    #expect(try target.readObjects() == nil)
    #expect(try target.readEpoch() == 0x2a)
  }

  @Test(arguments: ["", "E47", "E.only after QStartNoAckMode"])
  func `a stub may refuse`(answer: String) throws {
    let target = try target { .reply(answer) }
    if answer.hasPrefix("E.") {
      // Nobody announced that such errors are understood.
      #expect(throws: TargetError.self) { try target.readObjects() }
    } else {
      #expect(try target.readObjects() == nil)
      #expect(try target.readEpoch() == 0x2a)
    }
  }

  @Test func `a stub that does not end is left`() throws {
    let target = try target { .packets(Array(repeating: "m100000,0:", count: 6)) }
    #expect(throws: TargetError.protocolViolation(received: "m100000,0:", during: "qvesper.Objects")) {
      try target.readObjects()
    }
    let silent = try self.target { .packets(["m>1000,0,2:ab"]) }
    silent.client.replyTimeout = .milliseconds(50)
    #expect(throws: TargetError.self) { try silent.readObjects() }
  }

  @Test func `a slow line is not asked, nor is a stub that does not offer it`() throws {
    #expect(try target(window: 1) { .hangUp }.readObjects() == nil)
    #expect(try StubbedMachine().attach().readObjects() == nil)
  }
}
