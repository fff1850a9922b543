import Testing

@testable import TargetLink

/// The kernel's stub, and the target that speaks to it.
struct SerialStubTests {
  private static let program: [UInt8] = [0x1f, 0x20, 0x03, 0xd5]

  private func programCounter(_ target: any Target) throws -> UInt64? {
    try target.readRegisters().first { $0.name == "pc" }?.value
  }

  @Test func `attaching leaves the system running, and its memory is read meanwhile`() throws {
    let target = try StubbedMachine().attach()
    #expect(target.state == .running)
    #expect(try target.readPhysical(address: StubbedMachine.physicalBase, count: 4) == Self.program)
    #expect(target.state == .running)
  }

  @Test func `text that was printed before is console text, and not the stub's`() throws {
    var console = ""
    let target = try StubbedMachine(printing: "booting $5 # \n").attach {
      console += String(decoding: $0, as: UTF8.self)
    }
    #expect(target.state == .running)
    #expect(console.hasPrefix("booting "))
  }

  @Test func `all of memory is read, and what lies outside is refused`() throws {
    let target = try StubbedMachine().attach()
    let all = MemoryRange(address: StubbedMachine.physicalBase, count: StubbedMachine.size)
    let outside = MemoryRange(address: 0, count: 8)
    let across = MemoryRange(address: all.address + UInt64(all.count) - 4, count: 8)
    let read = try target.readPhysical([outside, all, across])
    #expect(read[0] == nil)
    #expect(read[1] == StubbedMachine.memory)
    #expect(read[2] == nil)
  }

  @Test func `where the kernel's direct map lies can be learned`() throws {
    let target = try StubbedMachine().attach()
    target.directMapOffset = StubbedMachine.base
    #expect(try target.readPhysical(address: 0, count: 4) == Self.program)
  }

  @Test func `the descriptor comes whole, however many packets it takes`() throws {
    let target = try StubbedMachine().attach()
    #expect(try target.readDescriptor() == StubbedMachine.descriptor)
    #expect(try target.readEpoch() == 0x1_0000_002a)
  }

  @Test func `a running system refuses what needs it stopped`() throws {
    let target = try StubbedMachine().attach()
    #expect(throws: TargetError.running(operation: "reading registers")) { try target.readRegisters() }
    #expect(throws: TargetError.running(operation: "writing memory")) {
      try target.writePhysical([0], at: StubbedMachine.physicalBase)
    }
    #expect(throws: TargetError.running(operation: "stepping")) { try target.step() }
  }

  @Test func `it is stopped, stepped, changed and continued`() throws {
    let target = try StubbedMachine().attach()
    #expect(try target.interrupt().reason == .interrupt)
    let before = try #require(try programCounter(target))
    #expect(try target.step().reason == .trap)
    #expect(try programCounter(target) != before)
    try target.writeRegister("x19", to: 0xfeed)
    #expect(try target.readRegisters().first { $0.name == "x19" }?.value == 0xfeed)
    try target.writePhysical([1, 2, 3], at: StubbedMachine.physicalBase + 0x100)
    #expect(try target.readPhysical(address: StubbedMachine.physicalBase + 0x100, count: 3) == [1, 2, 3])
    try target.resume()
    #expect(target.state == .running)
    #expect(try target.waitForStop(timeout: .milliseconds(20)) == nil)
  }

  @Test func `an instruction that takes for ever is interrupted`() throws {
    let stub = FakeStub { request in
      switch request {
      case "p0": .reply("0000000000000000")
      case "?": .reply("T05")
      case "\u{3}": .reply("T02")
      case "vCont;s": .nothing
      default: .reply("")
      }
    }
    let target = try SerialStubTarget(
      channel: stub.channel, wayIn: "serial:test", window: 1, timeout: .seconds(20))
    target.stopTimeout = .milliseconds(50)
    #expect(try target.step() == StopEvent(.interrupt))
    #expect(target.state == .stopped(StopEvent(.interrupt)))
  }

  @Test func `a system that does not stop is still attached to`() throws {
    let stub = FakeStub { request in
      switch request {
      case "p0": .reply("E10")
      case "\u{3}": .nothing
      default: .reply("")
      }
    }
    let target = try SerialStubTarget(
      channel: stub.channel, wayIn: "serial:test", window: 1, timeout: .seconds(20))
    target.stopTimeout = .milliseconds(50)
    #expect(throws: TargetError.didNotStop) { try target.interrupt() }
    #expect(target.state == .running)
    #expect(try target.readEpoch() == nil)
  }

  @Test func `a breakpoint is hit each time around`() throws {
    let target = try StubbedMachine().attach()
    try target.interrupt()
    try target.setBreakpoint(at: StubbedMachine.base + 8)
    for _ in 0..<3 {
      try target.resume()
      #expect(try target.waitForStop(timeout: .seconds(20))?.reason == .breakpoint)
      #expect(try programCounter(target) == StubbedMachine.base + 8)
    }
  }

  @Test func `waiting and stepping end when somebody wants the system interrupted`() throws {
    let target = try StubbedMachine().attach()
    target.shouldInterrupt = { true }
    #expect(try target.waitForStop(timeout: .seconds(60))?.reason == .interrupt)
    #expect(try target.step().reason == .interrupt)
    target.shouldInterrupt = nil
    #expect(try target.step().reason == .trap)
  }

  @Test func `a system that had stopped before is found so, with the reason`() throws {
    let target = try StubbedMachine(isStopped: true).attach()
    #expect(target.state == .stopped(StopEvent(.signal(11), thread: "1")))
    #expect(try programCounter(target) == StubbedMachine.base)
  }

  @Test func `detaching takes the breakpoints away and lets the system run`() throws {
    let machine = StubbedMachine()
    let first = try machine.attach()
    try first.interrupt()
    try first.setBreakpoint(at: StubbedMachine.base + 8)
    try first.leave(running: true)
    let second = try machine.attach()
    #expect(second.state == .running)
    #expect(try second.readVirtual(MemoryRange(address: StubbedMachine.base + 8, count: 4)) == Self.program)
    #expect(try second.waitForStop(timeout: .milliseconds(20)) == nil)
  }

  @Test func `a system that was interrupted stays so for the next debugger, if that is wanted`() throws {
    let machine = StubbedMachine()
    let first = try machine.attach()
    try first.interrupt()
    try first.leave(running: false)
    let second = try machine.attach()
    #expect(second.state == .stopped(StopEvent(.interrupt, thread: "1")))
    try second.resume()
    #expect(try second.waitForStop(timeout: .milliseconds(20)) == nil)
  }

  @Test func `after detaching nothing more can be asked`() throws {
    let target = try StubbedMachine().attach()
    target.detach()
    #expect(throws: TargetError.closed(during: "it was detached from")) {
      try target.readPhysical(address: StubbedMachine.physicalBase, count: 4)
    }
  }

  @Test func `a line with nobody at its end is given up`() throws {
    let stub = FakeStub { _ in .nothing }
    let error = #expect(throws: TargetError.self) {
      try SerialStubTarget(
        channel: stub.channel, wayIn: "serial:test", window: 1, timeout: .milliseconds(100))
    }
    #expect(error == .timedOut(waitingFor: "the kernel's stub to answer"))
  }

  @Test func `a line on which something else talks is given up, and it is quoted`() throws {
    let channel = try talkingLine("login: $ command not found\n")
    let error = #expect(throws: TargetError.self) {
      try SerialStubTarget(channel: channel, wayIn: "serial:test", window: 1, timeout: .milliseconds(100))
    }
    #expect(error?.description.contains("command not found") == true)
  }
}
