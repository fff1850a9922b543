internal import Devices
internal import DriverProtocol
internal import DriverSupport
internal import KernelObjects
internal import LibVesper

/// A driver: serves a virtio block device to up to eight clients at once. Arguments: virtual address of the device's
/// registers, and of three pages that it shares with the device, in the segment that it holds.
@main
struct BlockDriver: ClientDriver {
  var service = ClientService()
  private var device: VirtIOBlock
  /// By client: what is left of its request.
  private var transfers = InlineArray<8, Transfer?>(repeating: nil)

  static func main() {
    let program = Program(name: "block")
    do {
      var driver = BlockDriver(device: try makeDevice(program))
      program.console.print("\(driver.device.sectorCount) sectors")
      try driver.run()
    } catch {
      program.stop(at: "block device", error)
    }
  }

  var requestCount: UInt64 { device.requestCount }

  private init(device: VirtIOBlock) { self.device = device }

  private static func makeDevice(_ program: Program) throws(Refusal) -> VirtIOBlock {
    let pages = DriverPages(base: Program.arguments[1])
    let queue = try pages.queue(0)
    let page = try pages.page(2)
    do throws(VirtIOError) {
      return try VirtIOBlock(VirtIOTransport(base: Program.arguments[0]), queue: queue, page: page)
    } catch {
      program.console.print("device \(error.name)")
      program.stop()
    }
  }

  mutating func begin(_ message: Message, of client: UInt64) throws(Refusal) -> DriverAnswer? {
    guard transfers[Int(client)] == nil else { return .busy }
    switch BlockRequest(rawValue: message.label) {
    case .describe:
      try service.answer(.done, device.sectorCount, device.isReadOnly ? 1 : 0)
      return nil
    case .read: return try begin(.read, message, of: client)
    case .write: return device.isReadOnly ? .readOnly : try begin(.write, message, of: client)
    case .flush:
      guard device.needsFlush else { return .done }
      try service.postpone(for: client)
      transfers[Int(client)] = Transfer(operation: .flush, address: 0, count: 0, sector: 0)
      device.start(client, .flush, sector: 0, pieceCount: 0)
      return nil
    case nil: return .unknownRequest
    }
  }

  private mutating func begin(_ operation: VirtIOBlock.Operation, _ message: Message, of client: UInt64)
    throws(Refusal) -> DriverAnswer?
  {
    let transfer = Transfer(
      operation: operation, address: message.words[0], count: message.words[1], sector: message.words[2])
    let isWhole = areSectors(
      transfer.count, at: transfer.address, first: transfer.sector, sectorCount: device.sectorCount)
    guard isWhole else { return .outOfRange }
    guard transfer.isShared(by: client, in: service.memory) else { return .notShared }
    try service.postpone(for: client)
    proceed(transfer, of: client)
    return nil
  }

  /// Starts as much of the transfer as one request of the device can take.
  private mutating func proceed(_ transfer: Transfer, of client: UInt64) {
    var rest = transfer
    var pieces: UInt64 = 0
    while pieces < VirtIOBlock.pieceLimit, let piece = rest.takePiece(of: client, in: service.memory) {
      device.add(pieces, of: client, address: piece.address, count: piece.count, for: transfer.operation)
      pieces += 1
    }
    guard pieces > 0 else {
      transfers[Int(client)] = nil
      return service.finish(client, .notShared)
    }
    transfers[Int(client)] = rest
    device.start(client, transfer.operation, sector: transfer.sector, pieceCount: pieces)
  }

  mutating func serveInterrupt() throws(Refusal) {
    // The device first: its line must be low before the controller listens again (level triggered).
    device.acknowledgeInterrupt()
    while let done = device.takeDone() {
      guard done.tag < ClientMemory.clientCount, let transfer = transfers[Int(done.tag)] else { continue }
      if done.succeeded && transfer.count > 0 {
        proceed(transfer, of: done.tag)
      } else {
        transfers[Int(done.tag)] = nil
        service.finish(done.tag, done.succeeded ? .done : .failed)
      }
    }
    try service.acknowledge()
  }
}
