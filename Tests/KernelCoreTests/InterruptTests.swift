import HostedKernel
import KernelCore
import KernelObjects
import Testing

@Suite struct InterruptTests {
  /// The clock of the scenario serves it, and waits.
  static let line: UInt64 = 34
  let scenario: Scenario
  let clock: Reference<Domain>
  var hosted: HostedKernel { scenario.hosted }
  var machine: HostMachine { hosted.machine }

  init() throws {
    scenario = try Scenario()
    clock = try #require(scenario.domains["clock"])
  }

  private func entry(_ line: UInt64 = Self.line) -> IRQEntry { hosted.kernel.line(line).object }

  private func isMasked(_ line: UInt64 = Self.line) -> Bool {
    let flag = IRQFlags(rawValue: entry(line).flags).isDisjoint(with: .masked)
    #expect(machine.masked.contains(line) == !flag, "the kernel and the controller agree")
    return machine.masked.contains(line)
  }

  /// The root CNode's slots that the scenario used last: the handler and the badged Notification it is bound to.
  private var handler: UInt64 { badged - 1 }
  private var badged: UInt64 {
    var slot: UInt64 = 0
    for index in BootInfo.RootSlot.firstDynamic.rawValue..<1 << BootInfo.rootRadix
    where hosted.rootSlot(index).capability.isA(.irqHandler) { slot = index + 1 }
    return slot
  }

  @Test func `an interrupt masks its line and makes the waiting handler current with the badge`() {
    hosted.kernel.handleInterrupt(Self.line)
    #expect(isMasked())
    #expect(hosted.state.object.current == clock.address)
    #expect(hosted.result(of: clock).badge == 1)
    #expect(entry().count == 1)
  }

  @Test func `only an acknowledgement unmasks the line`() {
    hosted.kernel.handleInterrupt(Self.line)
    hosted.systemCall(SystemCall.receive.rawValue, Scenario.Slots.notification, by: clock)
    #expect(isMasked())
    #expect(hosted.invoke(handler, .irqHandlerAck, by: hosted.root).status == .ok)
    #expect(!isMasked())
  }

  @Test func `interrupts that nobody waits for are one signal`() {
    hosted.kernel.handleInterrupt(Self.line)
    for _ in 0..<3 {
      hosted.invoke(handler, .irqHandlerAck, by: hosted.root)
      hosted.kernel.handleInterrupt(Self.line)
    }
    hosted.systemCall(SystemCall.receive.rawValue, Scenario.Slots.notification, by: clock)
    #expect(hosted.result(of: clock).badge == 1)
    hosted.systemCall(SystemCall.nonBlockingReceive.rawValue, Scenario.Slots.notification, by: clock)
    #expect(hosted.result(of: clock).status == .noPartner)
    #expect(entry().count == 4)
  }

  @Test(arguments: [35, 255, 256, 1019] as [UInt64])
  func `a line that nobody handles is masked and disturbs nobody`(line: UInt64) {
    let current = hosted.state.object.current
    hosted.kernel.handleInterrupt(line)
    #expect(machine.masked.contains(line))
    #expect(hosted.state.object.current == current)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `a handler that is deleted with its interrupt pending leaves its line masked for the next`() {
    hosted.kernel.handleInterrupt(Self.line)
    hosted.invoke(BootInfo.RootSlot.cnode.rawValue, .cnodeDelete, handler, by: hosted.root)
    #expect(machine.masked.contains(Self.line))
    #expect(entry().flags == 0)
    #expect(entry().notification.word0 == 0)
    let slot = scenario.free()
    let control = BootInfo.RootSlot.irqControl.rawValue
    let cnode = BootInfo.RootSlot.cnode.rawValue
    #expect(hosted.invoke(control, .irqControlGet, Self.line, 1, cnode, slot, by: hosted.root).status == .ok)
    #expect(isMasked())
    #expect(entry().count == 1, "what was delivered since boot is not the handler's alone")
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `revoking IRQControl's handlers leaves their lines masked and bound to nobody`() {
    hosted.invoke(
      BootInfo.RootSlot.cnode.rawValue, .cnodeRevoke, BootInfo.RootSlot.irqControl.rawValue, by: hosted.root)
    #expect(machine.masked.contains(Self.line))
    hosted.kernel.handleInterrupt(Self.line)
    #expect(clock.object.state == DomainState.blockedOnNotification.rawValue)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `a Notification that goes while its line is bound takes the binding along`() {
    let alarm = clock.object.blockedOn
    // Its first capability, from which all others are derived.
    var original: UInt64 = 0
    for index in BootInfo.RootSlot.firstDynamic.rawValue..<badged {
      let capability = hosted.rootSlot(index).capability
      if capability.isA(.notification) && capability.address == alarm && original == 0 { original = index }
    }
    for invocation in [Invocation.cnodeRevoke, .cnodeDelete] {
      hosted.invoke(BootInfo.RootSlot.cnode.rawValue, invocation, original, by: hosted.root)
    }
    #expect(hosted.result(of: clock).status == .cancelled, "who waited is told")
    #expect(entry().notification.word0 == 0)
    hosted.kernel.handleInterrupt(Self.line)
    #expect(isMasked())
    #expect(hosted.invoke(handler, .irqHandlerAck, by: hosted.root).status == .ok)
    #expect(isMasked(), "an acknowledgement does not open a line that leads nowhere")
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `an interrupt wakes an idle processor`() {
    for domain in [hosted.root] + scenario.domains.values {
      hosted.run(domain)
      domain.object.state =
        domain.address == clock.address ? domain.object.state : DomainState.inactive.rawValue
    }
    hosted.kernel.tick()
    #expect(hosted.state.object.current == 0)
    hosted.kernel.handleInterrupt(Self.line)
    #expect(hosted.state.object.current == clock.address)
  }
}
