internal import KernelObjects
internal import LibVesper
internal import ServerProtocol

/// Serves `ServerRequest`s for ever. Arguments: address and size of the memory shared with clients.
@main
struct Server {
  private let program = Program(name: "server")
  private let endpoint = EndpointCapability(ProgramSlot.endpoint.pointer)
  private let shared: SharedMemory
  /// Requests by badge; badges from 16 on share the last entry.
  private var counts = InlineArray<17, UInt64>(repeating: 0)

  static func main() {
    let arguments = Program.arguments
    var server = Server(shared: SharedMemory(address: arguments[0], size: arguments[1]))
    server.run()
  }

  private init(shared: SharedMemory) { self.shared = shared }

  private mutating func run() -> Never {
    program.console.print("ready")
    do {
      var request = try endpoint.receive()
      while true { request = try endpoint.replyReceive(answer(to: request)) }
    } catch {
      program.stop(at: "receive", error)
    }
  }

  private mutating func answer(to request: ReceivedMessage) -> Message {
    let count = countRequest(badge: request.badge)
    switch ServerRequest(rawValue: request.message.label) {
    case .sumWords:
      return Message(label: ServerAnswer.sum.rawValue, words: [sumOfWords(request.message), count])
    case .sumBuffer:
      guard let sum = sumOfBuffer(request) else {
        return Message(label: ServerAnswer.bufferNotShared.rawValue)
      }
      return Message(label: ServerAnswer.sum.rawValue, words: [sum, count])
    case nil:
      return Message(label: ServerAnswer.unknownRequest.rawValue)
    }
  }

  private mutating func countRequest(badge: UInt64) -> UInt64 {
    let index = Int(min(badge, 16))
    if counts[index] == 0 { program.console.print("first request of badge \(hexadecimal: badge)") }
    counts[index] &+= 1
    return counts[index]
  }

  private func sumOfWords(_ message: Message) -> UInt64 {
    var sum: UInt64 = 0
    for index in 0..<Int(message.length) { sum &+= message.words[index] }
    return sum
  }

  /// Nil if the buffer is not within the shared memory, whatever the client claims.
  private func sumOfBuffer(_ request: ReceivedMessage) -> UInt64? {
    guard request.message.length >= 2 else { return nil }
    let address = request.message.words[0]
    let count = request.message.words[1]
    guard shared.contains(address, count: count) else {
      program.console.print("\(hexadecimal: request.badge) may not pass \(hexadecimal: address)")
      return nil
    }
    return sumOfBytes(at: address, count: count)
  }
}
