import HostedKernel
import KernelCore
import KernelObjects
import Testing

/// What handlers may take of slots that are others'. In the scenario "clock" waits for line 34, and the root domain has
/// a slot.
@Suite struct InterruptBudgetTests {
  static let line: UInt64 = InterruptTests.line
  let scenario: Scenario
  let clock: Reference<Domain>
  var hosted: HostedKernel { scenario.hosted }
  var machine: HostMachine { hosted.machine }
  var state: KernelState { hosted.state.object }

  init() throws {
    scenario = try Scenario()
    clock = try #require(scenario.domains["clock"])
    while hosted.state.object.current != hosted.root.address { hosted.passSlot() }
  }

  private var entry: IRQEntry { hosted.kernel.line(Self.line).object }
  private var isThrottled: Bool { !IRQFlags(rawValue: entry.flags).isDisjoint(with: .throttled) }

  private func limit(_ line: UInt64 = Self.line, to counts: UInt64) -> CallResult {
    hosted.invoke(BootInfo.RootSlot.irqControl.rawValue, .irqControlLimit, line, counts, by: hosted.root)
    return hosted.result(of: hosted.root)
  }

  /// The handler goes back to waiting.
  private func wait() {
    hosted.systemCall(SystemCall.receive.rawValue, Scenario.Slots.notification, by: clock)
  }

  @Test func `a handler runs in another's slot until its budget is used, and the owner goes on`() {
    let end = state.sliceEnd
    #expect(limit(to: 500).status == .ok)
    hosted.kernel.handleInterrupt(Self.line)
    #expect(state.current == clock.address)
    #expect(machine.deadline == machine.now + 500)
    hosted.passSlot()
    #expect(state.current == hosted.root.address)
    #expect(state.sliceEnd == end, "the slot is as long as before")
    #expect(machine.deadline == end)
    #expect(clock.object.state == DomainState.ready.rawValue)
    #expect(entry.spent == 500 && isThrottled)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `a handler that waits gives the slot back, and is charged what it took`() {
    let end = state.sliceEnd
    hosted.kernel.handleInterrupt(Self.line)
    machine.now += 70
    wait()
    #expect(state.current == hosted.root.address)
    #expect(machine.deadline == end)
    #expect(entry.spent == 70 && !isThrottled)
    machine.now += 1000
    hosted.kernel.handleInterrupt(Self.line)
    #expect(machine.deadline == machine.now + HostMachine.tickCounts / 10 - 70)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `a handler that yields ends nobody's slot`() {
    let end = state.sliceEnd
    hosted.kernel.handleInterrupt(Self.line)
    machine.now += 70
    hosted.systemCall(SystemCall.yield.rawValue, 0, by: clock)
    #expect(state.current == hosted.root.address && state.sliceEnd == end)
    #expect(clock.object.state == DomainState.ready.rawValue)
    #expect(entry.spent == 70)
  }

  @Test func `with no budget a handler is only signalled`() {
    #expect(limit(to: 0).status == .ok)
    hosted.kernel.handleInterrupt(Self.line)
    #expect(state.current == hosted.root.address && state.served == 0)
    #expect(hosted.result(of: clock).badge == 1)
    #expect(isThrottled)
  }

  @Test func `what is used in a window is there again in the next`() {
    #expect(limit(to: 500).status == .ok)
    hosted.kernel.handleInterrupt(Self.line)
    hosted.passSlot()
    wait()
    hosted.run(hosted.root)
    hosted.kernel.handleInterrupt(Self.line)
    #expect(state.current == hosted.root.address, "still the same window")
    wait()
    machine.now = entry.window + HostMachine.tickCounts
    hosted.run(hosted.root)
    hosted.kernel.tick()
    hosted.kernel.handleInterrupt(Self.line)
    #expect(state.served == hosted.kernel.line(Self.line).address && !isThrottled)
  }

  @Test func `a handler cannot lend what it has of another's slot`() throws {
    let domain = scenario.make(.domain)
    let protectionDomain = scenario.make(.protectionDomain)
    let cnode = BootInfo.RootSlot.cnode.rawValue
    hosted.invoke(domain, .domainConfigure, cnode, protectionDomain, by: hosted.root)
    hosted.invoke(domain, .domainStart, 0x1000, 0x2000, by: hosted.root)
    let lender = scenario.make(.domain)
    hosted.invoke(lender, .domainConfigure, cnode, protectionDomain, by: hosted.root)
    hosted.invoke(lender, .domainStart, 0x1000, 0x2000, by: hosted.root)
    hosted.kernel.handleInterrupt(Self.line)
    let domainOfLender = Reference<Domain>(hosted.rootSlot(lender).capability.address)
    hosted.invoke(domain, .domainRun, 0, by: domainOfLender)
    #expect(hosted.result(of: domainOfLender).words.first == RunReason.sliceEnded.rawValue)
    #expect(state.lender == 0 && state.served == 0)
    #expect(state.current == hosted.root.address)
  }

  @Test func `a limit is refused for a line that is none, and for more than a slot`() {
    #expect(limit(256, to: 0).status == .outOfRange)
    #expect(limit(to: HostMachine.tickCounts + 1).status == .outOfRange)
    #expect(limit(to: HostMachine.tickCounts).status == .ok)
    hosted.kernel.line(40).object.flags = IRQFlags.kernel.rawValue
    #expect(limit(40, to: 0).status == .invalidArgument)
  }
}
