internal import KernelObjects
internal import LibVesper
internal import ServerProtocol

/// Passes a buffer by its bare address for ever and checks the sum that comes back. Arguments: address and
/// size of the memory shared with the server.
@main
struct ClientB {
  private let program = Program(name: "client-b")
  private let server = EndpointCapability(ProgramSlot.endpoint.pointer)
  private let shared: SharedMemory
  /// Bytes of a request.
  private static let bufferSize: UInt64 = 256

  static func main() {
    let arguments = Program.arguments
    let client = ClientB(shared: SharedMemory(address: arguments[0], size: arguments[1]))
    client.run()
  }

  private init(shared: SharedMemory) { self.shared = shared }

  private func run() -> Never {
    do {
      try checkForeignAddressIsRefused()
      var round: UInt64 = 0
      while true {
        try sumOneBuffer(round)
        if round == 0 { program.console.print("the server reads my buffer") }
        round &+= 1
      }
    } catch {
      program.stop(at: "call", error)
    }
  }

  /// An address is no authority: memory that is not shared is not read for a client.
  private func checkForeignAddressIsRefused() throws(Refusal) {
    let answer = try request(address: shared.address &+ shared.size &- 8, count: 16)
    expect(answer.label == ServerAnswer.bufferNotShared.rawValue)
  }

  /// Each round uses another place in the shared memory and other bytes.
  private func sumOneBuffer(_ round: UInt64) throws(Refusal) {
    let address = shared.address &+ (round &* 64) % (shared.size &- Self.bufferSize)
    fill(address, seed: round)
    let answer = try request(address: address, count: Self.bufferSize)
    expect(answer.label == ServerAnswer.sum.rawValue)
    expect(answer.words[0] == sumOfBytes(at: address, count: Self.bufferSize))
  }

  private func request(address: UInt64, count: UInt64) throws(Refusal) -> Message {
    try server.call(Message(label: ServerRequest.sumBuffer.rawValue, words: [address, count])).message
  }

  private func fill(_ address: UInt64, seed: UInt64) {
    for offset in 0..<Self.bufferSize {
      // Safety: the caller stays within the shared memory, which is mapped for writing here.
      guard let byte = unsafe UnsafeMutablePointer<UInt8>(bitPattern: UInt(address &+ offset)) else { return }
      unsafe byte.pointee = UInt8(truncatingIfNeeded: seed &+ offset &* 31)
    }
  }

  private func expect(_ isRight: Bool) {
    guard !isRight else { return }
    program.console.print("wrong answer")
    program.stop()
  }
}
