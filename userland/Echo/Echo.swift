internal import DriverProtocol
internal import KernelObjects
internal import LibVesper

/// Sends back what comes on the virtio console, in capitals. Arguments: virtual address and bytes of its buffer, which it
/// shares with the driver.
@main
struct Echo {
  private let program = Program(name: "echo")
  private let driver = EndpointCapability(ProgramSlot.endpoint.pointer)
  private let address = Program.arguments[0]
  private let size = Program.arguments[1]

  static func main() { Echo().run() }

  private func run() -> Never {
    _ = ask(Message(label: DriverRequest.share.rawValue, capability: ProgramSlot.segment.pointer))
    while true {
      let count = ask(Message(label: ConsoleRequest.read.rawValue, words: [address, size])).words[0]
      capitalize(min(count, size))
      _ = ask(Message(label: ConsoleRequest.write.rawValue, words: [address, count]))
    }
  }

  private func capitalize(_ count: UInt64) {
    // Safety: the root domain attached the buffer for reading and writing.
    guard let bytes = unsafe UnsafeMutablePointer<UInt8>(bitPattern: UInt(address)) else { return }
    for index in 0..<Int(count) {
      let byte = unsafe bytes[index]
      if (0x61...0x7a).contains(byte) { unsafe bytes[index] = byte - 0x20 }
    }
  }

  private func ask(_ message: Message) -> Message {
    do {
      let answer = try driver.call(message).message
      guard answer.label == DriverAnswer.done.rawValue else {
        program.console.print("answer \(DriverAnswer(rawValue: answer.label)?.name ?? "unknown")")
        program.stop()
      }
      return answer
    } catch {
      program.stop(at: "call", error)
    }
  }
}
