internal import Devices
internal import KernelObjects
internal import LibVesper

/// A driver: tells the root domain when the board's power button is pressed. Argument: virtual address of the PL061's
/// page.
@main
struct Button {
  private let program = Program(name: "button")
  private let handler = IRQHandlerCapability(ProgramSlot.irqHandler.pointer)
  private let notification = NotificationCapability(ProgramSlot.notification.pointer)
  private let listener = EndpointCapability(ProgramSlot.endpoint.pointer)
  private let device = GeneralPurposeIO(base: Program.arguments[0])

  static func main() { Button().run() }

  private func run() -> Never {
    do {
      device.interruptOnRisingEdges(of: Board.powerButton)
      try handler.bind(notification)
      program.console.print("waiting")
      while true {
        _ = try notification.wait()
        let lines = device.interrupting
        device.clearInterrupts(of: lines)
        try handler.acknowledge()
        guard lines & Board.powerButton != 0 else { continue }
        program.console.print("pressed")
        try listener.send(Message(label: 0))
      }
    } catch {
      program.stop(at: "interrupt", error)
    }
  }
}
