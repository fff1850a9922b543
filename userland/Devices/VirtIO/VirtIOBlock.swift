/// A virtio block device (virtio 1.2, 5.2).
public struct VirtIOBlock: Sendable {
  private let transport: VirtIOTransport
  private var queue: VirtQueue
  /// Headers and status bytes of the requests.
  private let page: DevicePage
  public let sectorCount: UInt64
  public let isReadOnly: Bool
  private let canFlush: Bool

  /// What a request is to do (VIRTIO_BLK_T_*).
  public enum Operation: UInt32, Sendable {
    case read = 0
    case write = 1
    case flush = 4
  }

  private enum Feature {
    static let readOnly: UInt64 = 1 << 5
    static let flush: UInt64 = 1 << 9
  }

  /// A header, data, a status byte.
  private static let chainLength: UInt64 = 32
  /// Pieces of memory that one request can take.
  public static let pieceLimit = chainLength - 2
  private static let headerSize: UInt64 = 16
  /// Where in the page the status bytes are, behind as many headers as there can be chains.
  private static let statusOffset: UInt64 = 2048
  /// What no device answers.
  private static let noStatus: UInt8 = 0xff

  /// Takes the device over. `memory` is three pages filled with zeros, the first two for its queue.
  public init(_ transport: VirtIOTransport, queue memory: QueueMemory, page: DevicePage) throws(VirtIOError) {
    let features = try transport.begin(.block, features: Feature.readOnly | Feature.flush)
    self.transport = transport
    self.page = page
    isReadOnly = features & Feature.readOnly != 0
    canFlush = features & Feature.flush != 0
    queue = try transport.makeQueue(0, in: memory, chainLength: Self.chainLength)
    sectorCount = transport.configuration(0)
    transport.start()
  }

  /// Requests that can be under way at once, each with a number of its own as its tag.
  public var requestCount: UInt64 { queue.chainCount }

  /// Adds a piece of memory to the request `tag`, which is being put together.
  ///
  /// - Precondition: `index` is below `pieceLimit`.
  public func add(_ index: UInt64, of tag: UInt64, address: UInt64, count: UInt64, for operation: Operation) {
    queue.describe(
      1 + index, of: tag, address: address, count: count, isWritten: operation == .read, isLast: false)
  }

  /// Starts the request `tag` with the pieces that were added.
  public mutating func start(_ tag: UInt64, _ operation: Operation, sector: UInt64, pieceCount: UInt64) {
    let header = tag * Self.headerSize
    DeviceMemory.store(operation.rawValue, at: page.virtual + header)
    DeviceMemory.store(UInt32(0), at: page.virtual + header + 4)
    DeviceMemory.store(sector, at: page.virtual + header + 8)
    DeviceMemory.store(Self.noStatus, at: page.virtual + Self.statusOffset + tag)
    queue.describe(
      0, of: tag, address: page.physical + header, count: Self.headerSize, isWritten: false, isLast: false)
    queue.describe(
      1 + pieceCount, of: tag, address: page.physical + Self.statusOffset + tag, count: 1, isWritten: true,
      isLast: true)
    queue.offer(tag)
    transport.notify(0)
  }

  /// Whether writes must be made to last; a device without a cache makes them last at once.
  public var needsFlush: Bool { canFlush }

  public func acknowledgeInterrupt() { transport.acknowledgeInterrupt() }

  /// A request that is done, and whether the device succeeded; nil if there is none.
  public mutating func takeDone() -> (tag: UInt64, succeeded: Bool)? {
    guard let done = queue.takeDone() else { return nil }
    return (done.chain, DeviceMemory.loadByte(page.virtual + Self.statusOffset + done.chain) == 0)
  }
}
