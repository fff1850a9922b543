import GDBProtocol
import GDBStub
import Testing

@Suite struct FuzzTests {
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `mutated requests get at most one answer, and only valid writes change memory`(seed: UInt64) {
    var fuzzer = Fuzzer(seed: seed)
    let client = SuspiciousClient()
    for round in 0..<6_000 {
      client.send(fuzzer.stream())
      // Detaching lifts all breakpoints: nothing may be left but what was written.
      if round % 100 == 99 { client.detachAndCompare() }
    }
    #expect(client.problems == [])
    #expect(client.acceptedWrites > 50, "the fuzzer has become too weak to reach the memory")
    #expect(client.answers > 3_000, "the fuzzer has become too weak to reach the stub")
  }

  @Test func `a stub with too little storage refuses, and does not trap`() {
    var fuzzer = Fuzzer(seed: 5)
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

    var mayWrite = false
    switch event {
    case .packet:
      let request = oracle.payload.withUnsafeBytes { Array($0) }
      mayWrite = Self.mayWrite(request)
      if packets.count > 1 || line.count > packets.count + 1 { complain("too many answers", stream, line) }
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
    return ["M", "X", "Z", "z", "D", "k", "vKill", "qSupported", "QStartNoAckMode"].contains {
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

/// Makes streams of bytes that are nearly what clients send.
private struct Fuzzer {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  private static let requests: [[UInt8]] =
    [
      "?", "g", "p20", "P0=0011223344556677", "P20=0000204000000000", "m40200000,40", "m40200004,4", "m0,8",
      "m4020fff0,20", "x40200000,10", "x40200002,8", "M40200004,4:00112233", "M40200000,2:0011",
      "M4020effc,8:0011223344556677",
      "X40200006,4:abcd", "X40200000,0:", "M40200010,4:1f2003d5", "Z0,40200000,4", "Z0,40200004,4",
      "Z0,40200008,4", "z0,40200004,4",
      "z0,40200000,4", "Z0,4020f000,4", "Z1,40200000,4", "Z2,40201000,8", "z1,40200000,4", "vCont;c",
      "vCont;s:1",
      "vCont;s:1;c", "vCont?", "vCont;t", "c", "s", "C05", "S05;40200000", "s40200000", "D", "k", "vKill;1",
      "qSupported:swbreak+;hwbreak+;error-message+", "qSupported", "QStartNoAckMode", "qC", "qfThreadInfo",
      "qsThreadInfo",
      "qThreadExtraInfo,1", "qAttached", "qSymbol::", "qCRC:40200000,100", "qRcmd,68656c70", "Hg1", "Hc-1",
      "Hg0", "T1",
      "qXfer:features:read:target.xml:0,100", "qXfer:features:read:target.xml:f00,fff",
      "qvesper.Descriptor:0,6",
      "qXfer:osdata:read::0,100", "qXfer:osdata:read:squares:30,80", "qXfer:threads:read::0,fff",
      "qXfer:memory-map:read::10,20",
      "qvesper.Epoch", "vMustReplyEmpty", "!",
    ].map { Array($0.utf8) }

  /// A packet, perhaps mutated before or after it was framed; seldom noise.
  mutating func stream() -> [UInt8] {
    var request = Self.requests.randomElement(using: &generator) ?? []
    switch Int.random(in: 0..<10, using: &generator) {
    case 0...2: return frame(request)
    case 3...7:
      mutate(&request)
      return frame(request)
    case 8:
      var stream = frame(request)
      mutate(&stream)
      return stream
    default:
      return noise()
    }
  }

  private mutating func noise() -> [UInt8] {
    let bytes: [UInt8] = [0x03, 0x2b, 0x2d, 0x24, 0x23, 0x7d, 0x2a, 0x25, 0x30]
    return (0..<Int.random(in: 1...12, using: &generator)).map { _ in
      Bool.random(using: &generator)
        ? bytes.randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255, using: &generator)
    }
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let index = Int.random(in: 0...bytes.count, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0 where index < bytes.count: bytes[index] = UInt8.random(in: 0...255, using: &generator)
      case 1 where index < bytes.count: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 2 where index < bytes.count: bytes.remove(at: index)
      case 3:
        bytes.insert(Array("0123456789abcdef,:;-".utf8).randomElement(using: &generator) ?? 0, at: index)
      case 4: bytes.removeLast(bytes.count - index)
      default: bytes.insert(contentsOf: bytes[index...], at: index)
      }
    }
  }
}
