import HostedKernel
import KernelCore
import KernelObjects
import Testing

/// Interrupt budgets and activations together. The worker has activations on, line 40 signals its bound notification
/// with badge 4, and the root domain has the present slot.
@Suite struct ActivatedHandlerTests {
  private static let line: UInt64 = 40
  private let workshop: Workshop
  private var hosted: HostedKernel { workshop.hosted }
  private var worker: Reference<Domain> { workshop.worker }
  private var entry: IRQEntry { hosted.kernel.line(Self.line).object }
  private var block: Reference<ControlBlock> {
    Reference(hosted.rootSlot(workshop.frame).capability.address)
  }

  init() throws {
    workshop = try Workshop()
    try workshop.configure()
    try workshop.require([
      (workshop.domain, .domainSetControlBlock, [workshop.frame]),
      (workshop.domain, .domainBindNotification, [workshop.notification]),
      (workshop.root, .cnodeMint, [workshop.empty, workshop.root, workshop.notification, 7, 4, 0]),
      (workshop.irqHandler, .irqHandlerBind, [workshop.empty]),
      (workshop.timeSlice, .timeSliceBind, [workshop.domain]),
      (workshop.domain, .domainStart, [0x1000, 0x2000]),
    ])
    block.object.entry = 0x7000
    block.object.stack = 0x8000
    begin(slotOf: worker)
    begin(slotOf: hosted.root)
    block.object.isOn = 1
  }

  private func begin(slotOf domain: Reference<Domain>) {
    repeat { hosted.passSlot() } while hosted.state.object.current != domain.address
  }

  private func leaveActivation() {
    hosted.systemCall(SystemCall.activationReturn.rawValue, 0, by: worker)
  }

  private func limit(to counts: UInt64) throws {
    let control = BootInfo.RootSlot.irqControl.rawValue
    try #require(workshop.invoke(control, .irqControlLimit, [Self.line, counts]).status == .ok)
  }

  @Test func `without a budget it is at its entry, where its next slot begins`() throws {
    try limit(to: 0)
    hosted.kernel.handleInterrupt(Self.line)
    #expect(hosted.state.object.current == hosted.root.address)
    #expect(!IRQFlags(rawValue: entry.flags).isDisjoint(with: .throttled))
    #expect(worker.object.registers.pc == 0x7000 && block.object.isOn == 0)
    block.object.saveIndex = 1
    begin(slotOf: worker)
    #expect(worker.object.registers.pc == 0x7000 && block.object.savedIndex == 0, "activated once")
    #expect([worker[x: 0], worker[x: 1]] == [ActivationReason.event.rawValue, 4])
    leaveActivation()
    #expect(worker.object.registers.pc == 0x1000 && block.object.isOn == 1)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `an activation that the budget ends goes on in its own slot, where it was`() throws {
    try limit(to: 500)
    hosted.kernel.handleInterrupt(Self.line)
    #expect(hosted.state.object.current == worker.address && worker[x: 1] == 4)
    worker.object.registers.pc = 0x7abc
    hosted.passSlot()
    #expect(hosted.state.object.current == hosted.root.address && entry.spent == 500)
    begin(slotOf: worker)
    #expect(worker.object.registers.pc == 0x7abc && block.object.isOn == 0)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `what it goes on with after its activation is the line's service too`() throws {
    let end = hosted.state.object.sliceEnd
    try limit(to: 500)
    hosted.kernel.handleInterrupt(Self.line)
    leaveActivation()
    #expect(hosted.state.object.current == worker.address)
    #expect(worker.object.registers.pc == 0x1000 && block.object.isOn == 1)
    #expect(hosted.machine.deadline == hosted.machine.now + 500)
    hosted.passSlot()
    #expect(hosted.state.object.current == hosted.root.address)
    #expect(hosted.machine.deadline == end)
    begin(slotOf: worker)
    #expect(worker.object.registers.pc == 0x7000, "its own slot begins with an activation")
  }

  @Test func `a slot's owner goes on after a service without being activated`() throws {
    try #require(workshop.invoke(workshop.domain, .domainBindNotification, [0]).status == .ok)
    hosted.systemCall(SystemCall.receive.rawValue, workshop.notification, by: hosted.root)
    #expect(hosted.state.object.current == worker.address)
    leaveActivation()
    let end = hosted.state.object.sliceEnd
    hosted.kernel.handleInterrupt(Self.line)
    #expect(hosted.state.object.current == hosted.root.address)
    hosted.systemCall(SystemCall.yield.rawValue, 0, by: hosted.root)
    #expect(hosted.state.object.current == worker.address && hosted.state.object.sliceEnd == end)
    #expect(worker.object.registers.pc == 0x1000 && block.object.isOn == 1)
    #expect(hosted.violatedInvariants() == [])
  }
}
