internal import Devices
internal import DriverProtocol
internal import DriverSupport
internal import KernelObjects
internal import LibVesper

/// A driver: serves a virtio console to up to eight clients. Arguments: virtual address of the device's registers, and of
/// four pages that it shares with the device, in the segment that it holds.
///
/// What comes goes to who asked first, straight into its memory, and what is sent comes straight from there.
@main
struct ConsoleDriver: ClientDriver {
  var service = ClientService()
  private var device: VirtIOConsole
  /// By client: what it waits for.
  private var requests = InlineArray<8, Request>(repeating: .none)

  private enum Request {
    case none
    case read
    /// What is still to be sent, by virtual address.
    case write(address: UInt64, count: UInt64)
  }

  static func main() {
    let program = Program(name: "console")
    do {
      var driver = ConsoleDriver(device: try makeDevice(program))
      program.console.print("ready")
      try driver.run()
    } catch {
      program.stop(at: "console device", error)
    }
  }

  var requestCount: UInt64 { device.requestCount }

  private init(device: VirtIOConsole) { self.device = device }

  private static func makeDevice(_ program: Program) throws(Refusal) -> VirtIOConsole {
    let pages = DriverPages(base: Program.arguments[1])
    let input = try pages.queue(0)
    let output = try pages.queue(2)
    do throws(VirtIOError) {
      return try VirtIOConsole(VirtIOTransport(base: Program.arguments[0]), input: input, output: output)
    } catch {
      program.console.print("device \(error.name)")
      program.stop()
    }
  }

  mutating func begin(_ message: Message, of client: UInt64) throws(Refusal) -> DriverAnswer? {
    guard case .none = requests[Int(client)] else { return .busy }
    let address = message.words[0]
    let count = message.words[1]
    guard let request = ConsoleRequest(rawValue: message.label) else { return .unknownRequest }
    guard count > 0, address <= UInt64.max - count else { return .outOfRange }
    switch request {
    case .read:
      guard let piece = service.memory.piece(at: address, count: count, of: client, rights: .write) else {
        return .notShared
      }
      try service.postpone(for: client)
      requests[Int(client)] = .read
      device.receive(client, address: piece.address, count: piece.count)
    case .write:
      guard service.memory.isShared(address, count: count, by: client, rights: .read) else {
        return .notShared
      }
      try service.postpone(for: client)
      send(address, count, of: client)
    }
    return nil
  }

  /// Sends as much as lies in one place.
  private mutating func send(_ address: UInt64, _ count: UInt64, of client: UInt64) {
    guard let piece = service.memory.piece(at: address, count: count, of: client, rights: .read) else {
      requests[Int(client)] = .none
      return service.finish(client, count == 0 ? .done : .notShared)
    }
    requests[Int(client)] = .write(address: address + piece.count, count: count - piece.count)
    device.send(client, address: piece.address, count: piece.count)
  }

  mutating func serveInterrupt() throws(Refusal) {
    // The device first: its line must be low before the controller listens again (level triggered).
    device.acknowledgeInterrupt()
    while let done = device.takeReceived() {
      guard done.tag < ClientMemory.clientCount, case .read = requests[Int(done.tag)] else { continue }
      requests[Int(done.tag)] = .none
      service.finish(done.tag, .done, done.count)
    }
    while let tag = device.takeSent() {
      guard tag < ClientMemory.clientCount, case .write(let address, let count) = requests[Int(tag)] else {
        continue
      }
      send(address, count, of: tag)
    }
    try service.acknowledge()
  }
}
