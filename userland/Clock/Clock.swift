internal import Devices
internal import KernelObjects
internal import LibVesper

/// A driver: serves the alarm of the real time clock. Argument: virtual address of the device's page.
@main
struct Clock {
  private let program = Program(name: "clock")
  private let handler = IRQHandlerCapability(ProgramSlot.irqHandler.pointer)
  private let notification = NotificationCapability(ProgramSlot.notification.pointer)
  private let device: RealTimeClock
  /// A line is printed once in so many alarms, which come once a second.
  private static let alarmsPerLine: UInt64 = 10

  static func main() {
    let clock = Clock(device: RealTimeClock(base: Program.arguments[0]))
    clock.run()
  }

  private init(device: RealTimeClock) { self.device = device }

  private func run() -> Never {
    do {
      try start()
      var alarms: UInt64 = 0
      while true {
        _ = try notification.wait()
        alarms &+= 1
        // The device first: its line must be low before the controller listens again (level triggered).
        device.clearInterrupt()
        device.setAlarm()
        try handler.acknowledge()
        if alarms == 1 || alarms % Self.alarmsPerLine == 0 { program.console.print("alarm \(alarms)") }
      }
    } catch {
      program.stop(at: "interrupt", error)
    }
  }

  private func start() throws(Refusal) {
    program.console.print("serving the alarm")
    device.clearInterrupt()
    device.setAlarm()
    device.enableInterrupt()
    // From here on the line interrupts.
    try handler.bind(notification)
  }
}
