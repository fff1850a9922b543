internal import BenchInstructions
internal import Devices
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// The alarm of the PL031, which rings at once if it is set to now.
extension Workshop {
  mutating func interruptRows(_ pair: Pair) throws(Refusal) {
    let registers = try map(try allocator.deviceFrame(at: Board.realTimeClock))
    let clock = RealTimeClock(base: registers)
    clock.clearInterrupt()
    clock.enableInterrupt()

    let notification = try allocator.notification()
    let badged = NotificationCapability(try allocator.badged(notification.pointer, 1))
    let slot = try allocator.slots()
    try IRQControlCapability(BootInfo.RootSlot.irqControl.pointer).get(
      Board.realTimeClockInterrupt, .level, into: SlotReference(allocator.cnode, slot))
    let handler = IRQHandlerCapability(CapabilityPointer(rawValue: slot))
    try handler.bind(badged)
    let acknowledge = bench_registers(.irqHandlerAck, on: handler.pointer)
    report("interrupt-ack", try Counter.measure(acknowledge, count: 1024))

    var run = Pair.Run(entry: bench_active_interrupt_address())
    run.device = registers
    run.partnerFirst = bench_registers(.receive, on: notification.pointer)
    run.partnerSecond = acknowledge
    report("interrupt", try pair.measure(run).store)
  }
}
