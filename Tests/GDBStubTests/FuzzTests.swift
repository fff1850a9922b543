import GDBProtocol
import GDBStub
import Glibc
import HostileStreams
import Testing

@Suite struct FuzzTests {
  /// How many streams each seed makes: a share in every run, a million in all in `make test-long`.
  private static let streams = getenv("VESPER_TEST_LONG") == nil ? 6_000 : 250_000

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `mutated requests get at most one answer, and only valid writes change memory`(seed: UInt64) throws {
    var fuzzer = try StreamFuzzer(seed: seed)
    let client = SuspiciousClient()
    for round in 0..<Self.streams {
      client.send(fuzzer.stream())
      // Detaching lifts all breakpoints: nothing may be left but what was written.
      if round % 100 == 99 { client.detachAndCompare() }
    }
    #expect(client.problems == [])
    #expect(client.acceptedWrites > 50, "the fuzzer has become too weak to reach the memory")
    #expect(client.answers > 3_000, "the fuzzer has become too weak to reach the stub")
  }

  @Test func `a stub with too little storage refuses, and does not trap`() throws {
    var fuzzer = try StreamFuzzer(seed: 5)
    for size in 0..<GDBStub<FakeTarget>.smallestStorage where size % 7 == 0 {
      let bench = Bench(storage: size)
      for _ in 0..<4 { bench.receive(fuzzer.stream()) }
    }
  }
}

/// A client that compares all that a stub does with what it may do.
private final class SuspiciousClient {
  private let machine = FakeMachine()
  private let bench: Bench
  /// What memory must be, breakpoints apart.
  private var expected: [UInt8]
  private let memory = Memory(0x652)
  private var oracle: PacketReceiver
  private(set) var problems: [String] = []
  private(set) var acceptedWrites = 0
  private(set) var answers = 0

  init() {
    machine.load(FakeMachine.countingLoop)
    machine.descriptor = Array("vesper".utf8)
    machine.epoch = 2
    machine.objects = [(0, 64), (0x8000, 0x3000), (0xf800, 0x1000)].map {
      MemoryMapRegion(start: FakeMachine.base + $0.0, length: $0.1)
    }
    machine.hardwareBreakpoints = []
    expected = machine.memory
    bench = Bench(machine)
    oracle = PacketReceiver(buffer: memory.buffer)
  }

  func send(_ stream: [UInt8]) {
    for byte in stream { send(byte, of: stream) }
  }

  private func send(_ byte: UInt8, of stream: [UInt8]) {
    let event = oracle.receive(byte)
    let writes = machine.writes
    bench.receive([byte])
    let line = machine.line.isEmpty ? [] : describe(bench.takeLine())
    let packets = line.filter { $0.hasPrefix("< ") || $0 == "<" }
    answers += packets.count
    // Besides, one notification may tell of a stop.
    let notifications = line.count { $0.hasPrefix("<%") }
    if notifications > 1 { complain("too many notifications", stream, line) }

    var mayWrite = false
    switch event {
    case .packet:
      let request = oracle.payload.withUnsafeBytes { Array($0) }
      mayWrite = Self.mayWrite(request)
      // The objects' memory takes as many as it takes.
      let most = request.starts(with: "qvesper.Objects:".utf8) ? 64 : 1
      if packets.count > most || line.count > packets.count + notifications + 1 {
        complain("too many answers", stream, line)
      }
      if let answer = packets.last { noteWrite(request, answer) }
    case .tooLong, .refusal, .interrupt:
      if packets.count > 1 { complain("too many answers", stream, line) }
    case .damaged:
      if line != [], line != ["<< -"] { complain("a damaged packet was answered", stream, line) }
    case .pending, .abandoned, .notification, .acknowledgement, .text:
      if line != [] { complain("an answer to nothing", stream, line) }
    }
    if machine.writes != writes, !mayWrite { complain("memory was written", stream, line) }
  }

  func detachAndCompare() {
    send(Array("#00".utf8) + frame(Array("D".utf8)))
    if bench.isAttached { problems.append("still attached") }
    if machine.memory != expected { problems.append("memory has changed") }
  }

  private func complain(_ what: String, _ stream: [UInt8], _ line: [String]) {
    problems.append("\(what): \(String(decoding: stream, as: UTF8.self)) -> \(line)")
  }

  /// The packets that write memory, set or lift breakpoints.
  private static func mayWrite(_ request: [UInt8]) -> Bool {
    let text = String(decoding: request, as: UTF8.self)
    return ["M", "X", "Z", "z", "D", "k", "vKill", "R", "qSupported", "QStartNoAckMode"].contains {
      text.hasPrefix($0)
    }
  }

  /// Does to `expected` what a write request has done: all of it if it succeeded, what comes before the fault
  /// if not.
  private func noteWrite(_ request: [UInt8], _ answer: String) {
    guard let name = request.first, name == UInt8(ascii: "M") || name == UInt8(ascii: "X"),
      answer == "< OK" || answer == "< E0e" || answer.hasPrefix("< E.memory"),
      let colon = request.firstIndex(of: UInt8(ascii: ":")),
      let comma = request.firstIndex(of: UInt8(ascii: ",")),
      let address = UInt64(String(decoding: request[1..<comma], as: UTF8.self), radix: 16)
    else { return }
    var data = Array(request[(colon + 1)...])
    if name == UInt8(ascii: "M") {
      data = stride(from: 0, to: data.count, by: 2).compactMap {
        UInt8(String(decoding: data[$0..<min($0 + 2, data.count)], as: UTF8.self), radix: 16)
      }
    }
    // A write that would wrap around is refused before anything is written.
    guard !address.addingReportingOverflow(UInt64(data.count)).overflow else { return }
    for (index, byte) in data.enumerated() {
      let address = address + UInt64(index)
      guard address >= FakeMachine.base, address < FakeMachine.readOnly else { break }
      expected[Int(address - FakeMachine.base)] = byte
    }
    if answer == "< OK" { acceptedWrites += 1 }
  }
}
