internal import DriverProtocol
internal import KernelObjects
internal import LibVesper

/// Tries the block driver on the disk of the test: reads all of it, checks it, and writes something else in its place.
/// Arguments: virtual addresses of two segments, the second of which lies scattered in memory.
@main
struct BlockClient {
  private let program = Program(name: "disk-test")
  private let driver = EndpointCapability(ProgramSlot.endpoint.pointer)
  private let address = Program.arguments[0]
  private let scattered = Program.arguments[1]

  private static let segmentSize: UInt64 = 1 << AddressSpace.segmentBits
  /// Where the root domain puts the capabilities to be shared, the first and a second one to the same, without the right
  /// to write, and the scattered one.
  private static let segment = ProgramSlot.segment.pointer
  private static let readable = CapabilityPointer(rawValue: ProgramSlot.segment.rawValue + 1)
  private static let scatteredSegment = CapabilityPointer(rawValue: ProgramSlot.segment.rawValue + 2)

  static func main() { BlockClient().run() }

  private func run() -> Never {
    let size = ask(.describe).words[0] * BlockRequest.sectorSize
    tryWhatIsRefused(size)
    share(Self.segment)
    share(Self.scatteredSegment)
    program.console.print("\(size >> 20) MiB")
    var offset: UInt64 = 0
    while offset < size {
      // Every eighth time through scattered memory, so that requests of many pieces are seen too.
      let buffer = offset / Self.segmentSize % 8 == 7 ? scattered : address
      exchange(min(Self.segmentSize, size - offset), at: offset, in: buffer)
      offset += Self.segmentSize
    }
    _ = ask(.flush)
    program.console.print("read, checked and written")
    program.stop()
  }

  private func exchange(_ count: UInt64, at offset: UInt64, in buffer: UInt64) {
    let sector = offset / BlockRequest.sectorSize
    _ = ask(.read, buffer, count, sector)
    // Safety: the root domain attached a whole segment there for reading and writing.
    guard let words = unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(buffer)) else { return }
    let first = offset / 8
    for index in 0..<count / 8 {
      guard unsafe words[Int(index)] == DiskPattern.before(first + index) else {
        program.console.print("not the test's disk: word \(first + index)")
        program.stop()
      }
      unsafe words[Int(index)] = DiskPattern.after(first + index)
    }
    _ = ask(.write, buffer, count, sector)
  }

  /// Nothing may come of these.
  private func tryWhatIsRefused(_ size: UInt64) {
    expect(.notShared, .read, address, 4096, 0)
    share(Self.readable)
    expect(.notShared, .read, address, 4096, 0)
    share(Self.segment)
    expect(.notShared, .read, address + Self.segmentSize - 4096, 8192, 0)
    expect(.notShared, .write, 0xffff_0000_4020_0000, 4096, 0)
    expect(.outOfRange, .read, address, 4096, size / BlockRequest.sectorSize)
    expect(.outOfRange, .write, address, 4096, .max)
    expect(.outOfRange, .read, address + 8, 4096, 0)
    expect(.outOfRange, .read, address, 0, 0)
    let notASegment = send(
      Message(label: DriverRequest.share.rawValue, capability: ProgramSlot.debug.pointer))
    check(notASegment, .cannotShare)
    check(send(Message(label: DriverRequest.share.rawValue)), .cannotShare)
    check(send(Message(label: 99)), .unknownRequest)
    program.console.print("refused what it should")
  }

  private func share(_ segment: CapabilityPointer) {
    check(send(Message(label: DriverRequest.share.rawValue, capability: segment)), .done)
  }

  private func expect(
    _ answer: DriverAnswer, _ request: BlockRequest, _ address: UInt64, _ count: UInt64, _ sector: UInt64
  ) {
    check(send(Message(label: request.rawValue, words: [address, count, sector])), answer)
  }

  private func ask(_ request: BlockRequest, _ address: UInt64 = 0, _ count: UInt64 = 0, _ sector: UInt64 = 0)
    -> Message
  {
    let answer = send(Message(label: request.rawValue, words: [address, count, sector]))
    check(answer, .done)
    return answer
  }

  private func check(_ answer: Message, _ expected: DriverAnswer, line: UInt = #line) {
    guard answer.label != expected.rawValue else { return }
    let name = DriverAnswer(rawValue: answer.label)?.name ?? "unknown"
    program.console.print("answer \(name) in place of \(expected.name)")
    program.stop()
  }

  private func send(_ message: Message) -> Message {
    do { return try driver.call(message).message } catch { program.stop(at: "call", error) }
  }
}
