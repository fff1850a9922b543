import Inspection
import KernelImage
import KernelObjects
import TargetLink
import Testing

/// Line 20 of a small system: the server holds its handler and waits for the notification that it signals with badge 2.
@Suite struct InterruptRouteTests {
  private var system = SmallSystem()
  private static let line = 20

  private var entry: UInt64 {
    system.image.place(\KernelState.irqs, of: system.image.state)
      + UInt64(Self.line * MemoryLayout<IRQEntry>.stride)
  }

  init() {
    let handler = Capability(type: .irqHandler, word1: UInt64(Self.line))
    system.image.install(handler, at: system.serverSlot(4), below: system.image.origin)
    system.image.install(
      Capability(type: .notification, address: system.notification, word1: 2), at: entry,
      below: system.rootSlot(13))
    setFlags(.issued)
  }

  /// Nobody has slots but the root domain, which does not hold the handler.
  private mutating func throttle(budget: UInt32, _ flags: IRQFlags = .masked, window: UInt64 = 1) {
    setFlags(flags.union(.issued).union(.throttled))
    system.image.set(\IRQEntry.limit, of: entry, to: budget + 1)
    system.image.set(\IRQEntry.spent, of: entry, to: UInt64(budget))
    system.image.set(\IRQEntry.window, of: entry, to: window)
  }

  private mutating func giveServerASlot() {
    system.image.store(system.server, at: system.image.place(\KernelState.slices, of: system.image.state))
  }

  private mutating func setFlags(_ flags: IRQFlags) {
    system.image.set(\IRQEntry.flags, of: entry, to: flags.rawValue)
  }

  private func route(isEnabled: Bool = true, isPending: Bool = false) throws -> (
    route: InterruptRoute, problems: [String]
  ) {
    let target = system.image.target
    let layouts = try KernelLayouts(DescriptorLocator.locate(in: target))
    let snapshot = try Snapshot.take(of: target, layouts: layouts)
    let bit = UInt32(1) << UInt32(Self.line)
    let controller = InterruptControllerState(
      lineCount: 32, words: [.enabled: [isEnabled ? bit : 0], .pending: [isPending ? bit : 0]])
    let route = InterruptRoute(snapshot.state.irqs[Self.line], controller: controller, in: snapshot)
    return (route, route.problems(in: snapshot))
  }

  @Test func `a line that is served has a handler, a notification, a waiter, and nothing wrong`() throws {
    let (route, problems) = try route()
    #expect(route.handler == system.serverSlot(4))
    #expect(route.notification?.address == system.notification)
    #expect(route.waiters == [system.server])
    #expect(route.acknowledgers == [system.server])
    #expect(problems == [])
  }

  @Test mutating func `enabled without a handler`() throws {
    setFlags(IRQFlags())
    #expect(try route().problems == ["enabled at the controller, but nobody handles it"])
    #expect(try route(isEnabled: false).problems == [])
  }

  @Test mutating func `enabled or pending without a notification`() throws {
    system.image.store(Slot(), at: entry)
    #expect(
      try route().problems == ["enabled at the controller, but its handler is bound to no notification"])
    #expect(
      try route(isEnabled: false, isPending: true).problems == [
        "pending at the controller, but its handler is bound to no notification"
      ])
    #expect(try route(isEnabled: false).problems == [], "a driver that has not bound it yet")
  }

  @Test mutating func `masked for ever, since the driver has ended`() throws {
    setFlags(.issued.union(.masked))
    #expect(try route(isEnabled: false).problems == [], "a driver that runs may still acknowledge it")
    system.image.set(\Domain.state, of: system.server, to: DomainState.inactive.rawValue)
    #expect(
      try route(isEnabled: false).problems == [
        "masked for ever: server is inactive, so nobody will acknowledge it"
      ])
  }

  @Test mutating func `masked for ever, since nobody holds the handler`() throws {
    setFlags(.issued.union(.masked))
    system.image.store(Slot(), at: system.serverSlot(4))
    #expect(
      try route(isEnabled: false).problems.contains(
        "masked for ever: no domain holds its handler to acknowledge it"))
  }

  @Test mutating func `signalled, and nobody takes it`() throws {
    system.image.set(\Notification.waitHead, of: system.notification, to: 0)
    system.image.set(\Notification.waitTail, of: system.notification, to: 0)
    system.image.set(\Domain.state, of: system.server, to: DomainState.ready.rawValue)
    system.image.set(\Notification.pending, of: system.notification, to: 2)
    // The root domain holds a capability to it, and runs.
    #expect(try route().problems == [])
    system.image.set(\Domain.state, of: system.root, to: DomainState.inactive.rawValue)
    #expect(try route().problems == ["signalled, and nobody takes it: root is inactive"])
  }

  @Test mutating func `kernel and controller do not agree`() throws {
    #expect(
      try route(isEnabled: false).problems == [
        "not masked for the kernel, but the controller does not forward it"
      ])
    setFlags(.issued.union(.masked))
    #expect(try route().problems == ["masked for the kernel, but enabled at the controller"])
  }

  @Test mutating func `software's interrupts may be enabled for good`() throws {
    let target = system.image.target
    let layouts = try KernelLayouts(DescriptorLocator.locate(in: target))
    let first = system.image.place(\KernelState.irqs, of: system.image.state)
    let issued = first + UInt64(5 * MemoryLayout<IRQEntry>.stride)
    system.image.install(
      Capability(type: .notification, address: system.notification, word1: 4), at: issued,
      below: system.rootSlot(13))
    system.image.install(
      Capability(type: .irqHandler, word1: 5), at: system.serverSlot(5), below: system.image.origin)
    system.image.set(\IRQEntry.flags, of: issued, to: IRQFlags.issued.union(.masked).rawValue)
    for enabled in [0xffff, 0] as [UInt32] {
      let snapshot = try Snapshot.take(of: system.image.target, layouts: layouts)
      let controller = InterruptControllerState(
        lineCount: 32, words: [.enabled: [enabled | 1 << 16], .pending: [0]])
      let problems = snapshot.state.irqs[..<17].map {
        InterruptRoute($0, controller: controller, in: snapshot).problems(in: snapshot)
      }
      #expect(problems[..<16].allSatisfy { $0 == [] })
      #expect(problems[16] == ["enabled at the controller, but nobody handles it"])
    }
  }

  @Test mutating func `throttled, and the driver has no slots`() throws {
    for budget in [0, 6000] as [UInt32] {
      throttle(budget: budget)
      let (route, problems) = try route(isEnabled: false)
      #expect(route.irq.budget?.counts == UInt64(budget) && route.irq.budget?.isThrottled == true)
      #expect(
        problems == [
          "throttled: its budget is used, and who acknowledges it (server) has no slots to go on in:"
            + " give it slots of its own"
        ])
    }
  }

  @Test mutating func `throttled, and the driver goes on in its own slots`() throws {
    giveServerASlot()
    throttle(budget: 6000, .masked)
    #expect(
      try route(isEnabled: false).problems == [
        "throttled: its handlers used the line's budget, and go on in their own slots only: if that is too slow,"
          + " give them more slots, or the line a larger budget"
      ])
    throttle(budget: 0)
    #expect(try route(isEnabled: false).problems == [], "somebody wants it so")
  }

  @Test mutating func `an earlier window throttles nobody that has acknowledged since`() throws {
    giveServerASlot()
    let tick = try KernelLayouts(DescriptorLocator.locate(in: system.image.target)).constants.tickCounts
    for (accounted, isPresent) in [(0, true), (tick, true), (tick + 1, false)] as [(UInt64, Bool)] {
      system.image.set(\KernelState.accounted, of: system.image.state, to: accounted)
      for flags in [IRQFlags(), .masked] {
        throttle(budget: 6000, flags)
        let budget = try #require(try route().route.irq.budget)
        #expect(budget.spent == (isPresent ? 6000 : 0))
        #expect(budget.isThrottled == (isPresent || flags == .masked))
      }
    }
  }
}
