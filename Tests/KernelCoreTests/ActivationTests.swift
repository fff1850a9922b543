import HostedKernel
import KernelCore
import KernelObjects
import Testing

/// What the model cannot say of activations: debuggers, interrupts that find the processor idle, wild status words.
@Suite struct ActivationTests {
  private let workshop: Workshop
  private var hosted: HostedKernel { workshop.hosted }
  private var worker: Reference<Domain> { workshop.worker }
  private var block: Reference<ControlBlock> {
    Reference(hosted.rootSlot(workshop.frame).capability.address)
  }

  /// A domain with activations on, ready, half of the slice vector, and a bound Notification.
  init() throws {
    workshop = try Workshop()
    try workshop.configure()
    try workshop.require([
      (workshop.domain, .domainSetControlBlock, [workshop.frame]),
      (workshop.domain, .domainBindNotification, [workshop.notification]),
      (workshop.timeSlice, .timeSliceBind, [workshop.domain]),
      (workshop.domain, .domainStart, [0x1000, 0x2000, 1, 2, 3]),
    ])
    block.object.isOn = 1
    block.object.entry = 0x7000
    block.object.stack = 0x8000
  }

  private func context(_ index: UInt64) -> Reference<RegisterFrame> {
    block.part(at: ControlBlock.contextOffset + index * ControlBlock.contextStride)
  }

  private func signal() {
    hosted.systemCall(SystemCall.send.rawValue, workshop.notification, by: hosted.root)
  }

  private func activationReturn(_ context: UInt64) {
    hosted.systemCall(SystemCall.activationReturn.rawValue, context, by: worker)
  }

  @Test func `a slice that begins enters the activation, and activationReturn goes back`() {
    for number in 0..<31 { worker[x: number] = 0x100 + UInt64(number) }
    worker.object.registers.tpidr = 0x200
    worker.object.registers.pstate = 0x6000_0000
    while hosted.state.object.current != worker.address { hosted.passSlot() }
    #expect(worker.object.registers.pc == 0x7000 && worker.object.registers.sp == 0x8000)
    #expect(worker.object.registers.pstate == 0)
    #expect([worker[x: 0], worker[x: 1], worker[x: 2]] == [ActivationReason.sliceBegan.rawValue, 0, 0])
    #expect(block.object.isOn == 0)
    hosted.passSlot()
    #expect(worker.object.registers.pc == 0x7000)
    activationReturn(0)
    for number in 0..<31 { #expect(worker[x: number] == 0x100 + UInt64(number)) }
    #expect(worker.object.registers.pc == 0x1000 && worker.object.registers.sp == 0x2000)
    #expect(worker.object.registers.tpidr == 0x200 && worker.object.registers.pstate == 0x6000_0000)
    #expect(block.object.isOn == 1)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `a status word in a context is worth its flags, and the mark of a debugger stays`() {
    for hold in [DomainHold.none, .stepped] {
      hosted.kernel.hold(worker, as: hold)
      if hold == .none { hosted.kernel.release(worker) }
      context(3).object.pstate = .max
      context(3).object.pc = 0x1003
      activationReturn(3)
      let mark = hold == .none ? 0 : HeldState.illegalExecution
      #expect(worker.object.registers.pstate == 0xf000_0000 | mark)
      #expect(worker.object.registers.pc == 0x1003)
    }
  }

  @Test func `a domain that a debugger holds or steps is activated for its own faults only`() {
    hosted.kernel.hold(worker, as: .stepping)
    while hosted.state.object.current != worker.address { hosted.passSlot() }
    #expect(worker.object.registers.pc == 0x1000 && block.object.isOn == 1)
    signal()
    #expect(worker.object.registers.pc == 0x1000 && block.object.isPending == 1)
    block.object.flags = ActivationFlags.takesFaults.rawValue
    hosted.fault(.dataAbort, address: 0x123, syndrome: 0x9200_0000, by: worker)
    #expect(worker.object.registers.pc == 0x7000)
    #expect(worker.object.registers.pstate == HeldState.illegalExecution)
    #expect(context(0).object.pstate == 0)
    #expect(block.object.faultAddress == 0x123)
    #expect(worker.object.faultKind == FaultKind.none.rawValue)
  }

  @Test func `an interrupt that finds the processor idle activates its handler`() throws {
    try #require(workshop.invoke(workshop.irqHandler, .irqHandlerBind, [workshop.notification]).status == .ok)
    try #require(workshop.invoke(workshop.timeSlice, .timeSliceUnbind, []).status == .ok)
    hosted.systemCall(SystemCall.receive.rawValue, workshop.endpoint, by: hosted.root)
    #expect(hosted.state.object.current == 0)
    hosted.kernel.handleInterrupt(40)
    #expect(hosted.state.object.current == worker.address)
    #expect(worker.object.registers.pc == 0x7000)
    #expect(block.object.reason == ActivationReason.event.rawValue)
  }

  @Test func `an interrupt does not wake a handler that is in its activation`() throws {
    try #require(workshop.invoke(workshop.irqHandler, .irqHandlerBind, [workshop.notification]).status == .ok)
    block.object.isOn = 0
    hosted.run(hosted.root)
    hosted.kernel.handleInterrupt(40)
    #expect(hosted.state.object.current == hosted.root.address)
    #expect(block.object.isPending == 1)
  }

  @Test func `a domain whose control block is revoked goes on where it is`() {
    while hosted.state.object.current != worker.address { hosted.passSlot() }
    let before = worker.object.registers.pc
    #expect(workshop.invoke(workshop.root, .cnodeRevoke, [workshop.frame]).status == .ok)
    #expect(worker.slot(.controlBlock).capability.isNull)
    activationReturn(0)
    #expect(hosted.result(of: worker).status == .notConfigured)
    #expect(worker.object.registers.pc == before)
    #expect(hosted.violatedInvariants() == [])
  }
}
