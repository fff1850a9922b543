internal import KernelObjects
internal import LibVesper

/// Calls an endpoint that nobody serves: it waits for ever, and a debugger can find out why.
@main
struct Waiter {
  static func main() {
    let program = Program(name: "waiter")
    program.console.print("calling an unserved endpoint")
    do {
      _ = try EndpointCapability(ProgramSlot.endpoint.pointer).call(Message(label: 1))
      program.console.print("answered, which should not be")
    } catch {
      program.stop(at: "call", error)
    }
    program.stop()
  }
}
