internal import BenchInstructions
internal import Devices
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// The alarm of the PL031, which rings at once if it is set to now.
struct Alarm {
  /// Virtual address of the device's registers.
  let registers: UInt64
  /// What it signals.
  let notification: NotificationCapability
  let handler: IRQHandlerCapability

  init(_ workshop: inout Workshop) throws(Refusal) {
    registers = try workshop.map(try workshop.allocator.deviceFrame(at: Board.realTimeClock))
    let clock = RealTimeClock(base: registers)
    clock.clearInterrupt()
    clock.enableInterrupt()
    notification = try workshop.allocator.notification()
    let slot = try workshop.allocator.slots()
    let control = IRQControlCapability(BootInfo.RootSlot.irqControl.pointer)
    try control.get(
      Board.realTimeClockInterrupt, .level, into: SlotReference(workshop.allocator.cnode, slot))
    // It rings a thousand times in a slot, and each time somebody is to run: all of the slot may be taken.
    try control.limit(Board.realTimeClockInterrupt, to: Processor.timeFrequency / 100)
    handler = IRQHandlerCapability(CapabilityPointer(rawValue: slot))
    try handler.bind(NotificationCapability(try workshop.allocator.badged(notification.pointer, 1)))
  }

  var acknowledge: bench_registers { bench_registers(.irqHandlerAck, on: handler.pointer) }
}
