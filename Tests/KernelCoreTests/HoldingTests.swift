import HostedKernel
import KernelCore
import KernelObjects
import Testing

/// A debugger keeps one domain from executing. The processor's part, the trap of a marked domain, is the test's.
@Suite struct HoldingTests {
  private let scenario: Scenario
  private let hosted: HostedKernel
  private let server, client: Reference<Domain>

  init() throws {
    scenario = try Scenario()
    hosted = scenario.hosted
    server = try #require(scenario.domains["server"])
    client = try #require(scenario.domains["client-b"])
    #expect(client.object.state == DomainState.blockedOnReply.rawValue)
    #expect(server.object.state == DomainState.ready.rawValue)
  }

  private func isMarked(_ domain: Reference<Domain>) -> Bool {
    domain.object.registers.pstate & HeldState.illegalExecution != 0
  }

  /// What the processor and the debug channel do when `domain` is dispatched.
  private func dispatch(_ domain: Reference<Domain>) {
    hosted.run(domain)
    if isMarked(domain) { hosted.kernel.setCurrentAside() }
  }

  @Test func `a domain that is held does not run, and the others do`() {
    hosted.kernel.hold(server, as: .held)
    dispatch(server)
    #expect(server.object.state == DomainState.held.rawValue)
    for _ in 0..<2 * KernelState.sliceCount {
      #expect(hosted.state.object.current != server.address)
      hosted.kernel.tick()
    }
    hosted.kernel.release(server)
    #expect(server.object.state == DomainState.ready.rawValue)
    #expect(!isMarked(server))
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `one that waits is answered as if nobody held it, and does not run on`() {
    hosted.kernel.hold(client, as: .held)
    #expect(client.object.state == DomainState.blockedOnReply.rawValue)
    // The quick path answers it, and makes it current.
    hosted.systemCall(
      SystemCall.replyReceive.rawValue, Scenario.Slots.endpoint, info: MessageInfo(label: 7), by: server)
    #expect(hosted.result(of: client).info.label == 7)
    #expect(isMarked(client))
    dispatch(client)
    #expect(client.object.state == DomainState.held.rawValue)
    hosted.kernel.release(client)
    #expect(client.object.state == DomainState.ready.rawValue)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `who writes its registers, or starts it anew, does not let it go, and does not see the mark`() {
    let slot = scenario.free()
    hosted.rootSlot(slot).capability = Capability(type: .domain, address: client.address)
    defer { hosted.rootSlot(slot).capability = .null }
    hosted.kernel.hold(client, as: .held)
    let pstate = RegisterFrame.pstateIndex
    hosted.invoke(slot, .domainWriteRegisters, pstate, 1, .max, by: hosted.root)
    #expect(client.object.registers.pstate == 0xf000_0000 | HeldState.illegalExecution)
    let read = hosted.invoke(slot, .domainReadRegisters, 31, by: hosted.root)
    #expect(read.words[2] == 0xf000_0000)
    hosted.invoke(slot, .domainStart, 0x1000, 0x2000, by: hosted.root)
    #expect(client.object.registers.pstate == HeldState.illegalExecution)
    hosted.kernel.release(client)
    #expect(client.object.registers.pstate == 0)
  }

  @Test func `one that is to take a step is ready until it has`() {
    hosted.kernel.hold(server, as: .held)
    dispatch(server)
    hosted.kernel.hold(server, as: .stepping)
    #expect(server.object.state == DomainState.ready.rawValue)
    #expect(isMarked(server))
  }

  @Test func `letting one go while nothing runs starts it`() {
    for domain in scenario.domains.values {
      hosted.kernel.hold(domain, as: .held)
      if domain.object.state == DomainState.ready.rawValue { dispatch(domain) }
    }
    hosted.kernel.hold(hosted.root, as: .held)
    if hosted.root.object.state == DomainState.ready.rawValue { dispatch(hosted.root) }
    #expect(hosted.state.object.current == 0)
    hosted.kernel.release(server)
    #expect(hosted.state.object.current == server.address)
    #expect(hosted.state.object.epoch % 2 == 0)
  }
}
