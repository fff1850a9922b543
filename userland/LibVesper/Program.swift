internal import KernelObjects
internal import UserRuntime

/// The program that is running: its name, its console and its end.
public struct Program: Sendable {
  public let console: Console
  private let domain = DomainCapability(ProgramSlot.domain.pointer)

  /// `name` begins each of its console lines.
  public init(name: StaticString) {
    console = Console(debug: DebugCapability(ProgramSlot.debug.pointer), name: name)
  }

  /// What the program was started with; their meaning is between it and whoever starts it.
  public static var arguments: InlineArray<3, UInt64> {
    [vesper_arguments.0, vesper_arguments.1, vesper_arguments.2]
  }

  /// Reports what the kernel refused and stops. `step` tells what was being done.
  public func stop(at step: StaticString, _ refusal: Refusal) -> Never {
    console.print("\(step): \(refusal.statusName)")
    console.print("invocation \(hexadecimal: refusal.label)")
    console.print("argument \(refusal.argument), detail \(hexadecimal: refusal.detail)")
    stop()
  }

  /// Suspends the domain for good; what it holds stays as it is, to be looked at.
  public func stop() -> Never {
    while true {
      _ = try? domain.suspend()
      Processor.yield()
    }
  }
}
