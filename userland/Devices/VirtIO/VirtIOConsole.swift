/// A virtio console device with one port (virtio 1.2, 5.3).
///
/// Each request is one piece of memory: its number is the chain's, so there are as many at once, each way.
public struct VirtIOConsole: Sendable {
  private let transport: VirtIOTransport
  private var input: VirtQueue
  private var output: VirtQueue

  /// The queues of port 0 (virtio 1.2, 5.3.2).
  private enum Queue {
    static let receive: UInt32 = 0
    static let transmit: UInt32 = 1
  }

  /// Takes the device over. `memory` is four pages filled with zeros.
  public init(_ transport: VirtIOTransport, input: QueueMemory, output: QueueMemory) throws(VirtIOError) {
    _ = try transport.begin(.console, features: 0)
    self.transport = transport
    self.input = try transport.makeQueue(Queue.receive, in: input, chainLength: 1)
    self.output = try transport.makeQueue(Queue.transmit, in: output, chainLength: 1)
    transport.start()
  }

  /// Requests that can be under way at once, each way.
  public var requestCount: UInt64 { min(input.chainCount, output.chainCount) }

  /// Lets the next bytes that come go to memory.
  public mutating func receive(_ tag: UInt64, address: UInt64, count: UInt64) {
    input.describe(0, of: tag, address: address, count: count, isWritten: true, isLast: true)
    input.offer(tag)
    transport.notify(Queue.receive)
  }

  /// Sends bytes from memory.
  public mutating func send(_ tag: UInt64, address: UInt64, count: UInt64) {
    output.describe(0, of: tag, address: address, count: count, isWritten: false, isLast: true)
    output.offer(tag)
    transport.notify(Queue.transmit)
  }

  public func acknowledgeInterrupt() { transport.acknowledgeInterrupt() }

  /// A request to receive that is done, and how many bytes came; nil if there is none.
  public mutating func takeReceived() -> (tag: UInt64, count: UInt64)? {
    input.takeDone().map { ($0.chain, $0.written) }
  }

  /// A request to send that is done; nil if there is none.
  public mutating func takeSent() -> UInt64? { output.takeDone()?.chain }
}
