public import DriverProtocol
public import LibVesper

/// A driver that serves clients, as a loop over what happens.
public protocol ClientDriver {
  var service: ClientService { get set }
  /// Clients whose requests the device can have under way at a time.
  var requestCount: UInt64 { get }

  /// Begins what `client` asks for.
  ///
  /// - Returns: the answer, unless the request was answered or is under way now.
  mutating func begin(_ message: Message, of client: UInt64) throws(Refusal) -> DriverAnswer?

  mutating func serveInterrupt() throws(Refusal)
}

extension ClientDriver {
  public mutating func run() throws(Refusal) -> Never {
    try service.begin()
    while true {
      switch try service.next() {
      case .interrupt: try serveInterrupt()
      case .request(let client, let message):
        guard client < requestCount else {
          try service.answer(.unknownRequest)
          continue
        }
        if let answer = try begin(message, of: client) { try service.answer(answer) }
      }
    }
  }
}
