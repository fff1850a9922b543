import HostedKernel
import KernelCore
import KernelObjects
import Testing

@Suite struct LendingTests {
  let scenario: Scenario
  let slots: [UInt64]
  var hosted: HostedKernel { scenario.hosted }
  var root: Reference<Domain> { hosted.root }

  /// Nine domains without time of their own, which see what the root domain sees.
  init() throws {
    scenario = try Scenario()
    let protectionDomain = scenario.make(.protectionDomain)
    slots = (0..<9).map { [scenario] _ in scenario.make(.domain) }
    for slot in slots {
      let cnode = BootInfo.RootSlot.cnode.rawValue
      try #require(hosted.invoke(slot, .domainConfigure, cnode, protectionDomain, by: root).status == .ok)
      try #require(hosted.invoke(slot, .domainStart, 0x1000, 0x2000, by: root).status == .ok)
    }
    // The root domain has a slot to itself.
    while hosted.state.object.currentSlice != 0 { hosted.passSlot() }
  }

  private func domain(_ number: Int) -> Reference<Domain> {
    Reference(hosted.rootSlot(slots[number]).capability.address)
  }

  private var current: UInt64 { hosted.state.object.current }

  private func run(_ number: Int, until: UInt64 = 0, by lender: Reference<Domain>) {
    hosted.invoke(slots[number], .domainRun, until, by: lender)
  }

  private func reason(_ lender: Reference<Domain>) -> RunReason? {
    RunReason(rawValue: hosted.result(of: lender).words.first ?? 0)
  }

  @Test func `a ninth lender of one slice is refused, and all eight come back when it ends`() {
    run(0, by: root)
    for number in 0..<7 { run(number + 1, by: domain(number)) }
    #expect(current == domain(7).address)
    run(8, by: domain(7))
    #expect(hosted.result(of: domain(7)).status == .exhausted)
    #expect(current == domain(7).address)
    #expect(hosted.violatedInvariants() == [])
    hosted.passSlot()
    #expect(hosted.state.object.lender == 0)
    for lender in [root] + (0..<7).map(domain) { #expect(reason(lender) == .sliceEnded) }
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `nobody lends for longer than it may run`() {
    let now = hosted.machine.now
    run(0, until: now + 100, by: root)
    run(1, until: now + 5000, by: domain(0))
    #expect(hosted.machine.deadline == now + 100)
    hosted.passSlot()
    #expect(current == root.address)
    #expect(reason(root) == .expired)
    #expect(reason(domain(0)) == .sliceEnded)
  }

  @Test func `what is lent is on the lender's slot, by its borrower's name, to the count`() {
    let before = hosted.state.object.slices[0]
    run(0, until: hosted.machine.now + 100, by: root)
    hosted.passSlot()
    let after = hosted.state.object.slices[0]
    #expect(after.lent == before.lent + 100)
    #expect(after.borrower == domain(0).address)
  }

  @Test func `an event brings the time back to the lender it is for, and to all in between`() {
    let notification = scenario.make(.notification)
    hosted.invoke(BootInfo.RootSlot.domain.rawValue, .domainBindNotification, notification, by: root)
    run(0, by: root)
    run(1, by: domain(0))
    hosted.systemCall(SystemCall.send.rawValue, notification, by: domain(1))
    #expect(current == root.address)
    #expect(reason(root) == .event)
    #expect(reason(domain(0)) == .sliceEnded)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `a lender that is destroyed takes its time along`() {
    run(0, by: root)
    run(1, by: domain(0))
    hosted.invoke(BootInfo.RootSlot.cnode.rawValue, .cnodeDelete, slots[0], by: domain(1))
    #expect(current == root.address)
    #expect(reason(root) == .stopped)
    #expect(hosted.violatedInvariants() == [])
  }
}
