internal import Devices
internal import KernelObjects
internal import LibVesper

/// The real time clock as a source of interrupts, with its page in a segment of the case.
struct AlarmClock {
  let device: RealTimeClock
  let handler: IRQHandlerCapability
  let notification: NotificationCapability
  /// What the handler is bound to.
  let badged: NotificationCapability

  init(_ t: inout Trial, badge: UInt64) throws(Refusal) {
    device = RealTimeClock(base: try t.registers(t.laboratory.realTimeClock))
    handler = try t.handler(Board.realTimeClockInterrupt)
    notification = try t.notification()
    badged = NotificationCapability(try t.badged(notification.pointer, badge))
    device.clearInterrupt()
    device.enableInterrupt()
    try handler.bind(badged)
  }

  func stop() { device.clearInterrupt() }
}

/// The interrupt line of the PL061, raised and lowered at will: its inputs are low, and may interrupt for that.
struct InputLine {
  /// Virtual address of the device's registers.
  let registers: UInt64
  private let device: GeneralPurposeIO
  let handler: IRQHandlerCapability
  let notification: NotificationCapability

  /// Low when it is made. `shared` is the Notification it signals, or else one of its own.
  init(
    _ t: inout Trial, _ trigger: InterruptTrigger, badge: UInt64, at shared: NotificationCapability? = nil
  ) throws(Refusal) {
    registers = try t.registers(t.laboratory.generalPurposeIO)
    device = GeneralPurposeIO(base: registers)
    device.disableInterrupts()
    handler = try t.handler(Board.generalPurposeIOInterrupt, trigger)
    if let shared { notification = shared } else { notification = try t.notification() }
    try handler.bind(NotificationCapability(try t.badged(notification.pointer, badge)))
  }

  func raise() { device.interruptWhileLow(1) }

  func lower() { device.disableInterrupts() }
}

extension Trial {
  /// The right to serve a line, for this case.
  mutating func handler(_ irq: UInt64, _ trigger: InterruptTrigger = .level) throws(Refusal)
    -> IRQHandlerCapability
  {
    let slot = slots()
    try laboratory.irqControl.get(irq, trigger, into: SlotReference(cnode, slot))
    return IRQHandlerCapability(CapabilityPointer(slot))
  }

  /// Virtual address of a device's page, mapped in a segment of this case.
  fileprivate mutating func registers(_ device: FrameCapability) throws(Refusal) -> UInt64 {
    let segment = try attachedSegment()
    try segment.map(FrameCapability(try copy(device.pointer)), at: 0, rights: .readWrite)
    return try segment.address()
  }

  /// Nobody signalled it.
  mutating func nothing(
    _ notification: NotificationCapability, file: StaticString = #fileID, line: UInt = #line
  ) {
    ended(
      .noPartner, Request(.nonBlockingReceive, on: notification.pointer).perform(), file: file, line: line)
  }
}
