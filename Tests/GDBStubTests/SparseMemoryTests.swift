import GDBProtocol
import GDBStub
import TestSupport
import Testing

/// `qvesper.Memory`.
@Suite struct SparseMemoryTests {
  private let machine = FakeMachine()
  private let bench: Bench

  init() {
    bench = Bench(machine)
    bench.play("> QStartNoAckMode\n<< +\n< OK\n> ?\n< T02…")
  }

  @Test func `zeros are counted, and what is between them comes as it is`() {
    machine.memory.replaceSubrange(0x1000..<0x1006, with: "ab$#}*".utf8)
    machine.memory[0x1100] = 0x7a
    machine.memory[0x3000] = 0x7a
    bench.play(
      """
      > qvesper.Memory:40200000,1000
      < b1000,0:
      > qvesper.Memory:40200ff8,200
      < b8,6:ab$#}*fa,1:zf7,0:
      > qvesper.Memory:40200000,4000
      < b1000,6:ab$#}*fa,1:z1eff,1:zfff,0:
      > qvesper.Memory:40203000,1
      < b0,1:z
      > qvesper.Memory:40203000,0
      < b
      """)
  }

  @Test func `a read that meets a fault tells what is before it, and none if it starts in one`() {
    bench.play("> qvesper.Memory:4020f000,2000\n< b1000,0:")
    machine.memory[0xffff] = 0x5a
    bench.play("> qvesper.Memory:4020f000,2000\n< bfff,1:Z")
    bench.play("> qvesper.Memory:40210000,2000\n< E0e\n> qvesper.Memory:0,2000\n< E0e")
  }

  @Test func `ranges that are asked for together are answered as one, each by its distance from the last`() {
    machine.memory.replaceSubrange(0x1000..<0x1003, with: "abc".utf8)
    machine.memory.replaceSubrange(0x3000..<0x3003, with: "xyz".utf8)
    bench.play(
      """
      > qvesper.Memory:40201000,3;1ffd,3
      < b0,3:abc0,3:xyz
      > qvesper.Memory:40203000,3;ffffffffffffdffd,3;0,100
      < b0,3:xyz0,3:abc100,0:
      > qvesper.Memory:40201000,1;0,0;0,1
      < b0,1:a0,1:b
      > qvesper.Memory:40201002,1;effd,2;0,1
      < b0,1:c
      > qvesper.Memory:40201000,0;efff,2
      < b1,0:
      > qvesper.Memory:40201000,0;f000,2
      < E0e
      """)
  }

  @Test func `a request that leaves no room for memory is refused`() {
    let ranges = String(repeating: ";0,1", count: 370)
    bench.play("> qvesper.Memory:40200000,1\(ranges)\n< b173,0:")
    bench.play("> qvesper.Memory:40200000,1\(ranges + ranges.prefix(60))\n< E07")
  }

  @Test func `a request of another form is refused`() {
    bench.play(
      """
      > qvesper.Memory
      < E16
      > qvesper.Memory:
      < E16
      > qvesper.Memory:40200000
      < E16
      > qvesper.Memory:40200000,4,4
      < E16
      > qvesper.Memory:40200000,10000000000000000
      < E16
      > qvesper.Memory:40200000,4;
      < E16
      > qvesper.Memory:40200000,4;4
      < E16
      > qvesper.Memory:;40200000,4
      < E16
      > qvesper.Memory,40200000,4
      < E16
      > qvesper.Memories:40200000,4
      <
      """)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `it tells the same as a plain read, whatever memory holds`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    fill(using: &generator)
    let program = machine.memory
    for _ in 0..<20 {
      let address = FakeMachine.base + UInt64.random(in: 0..<0x3800, using: &generator) * 4
      bench.play("> Z0,\(String(address, radix: 16)),4\n< OK")
    }
    for _ in 0..<100 {
      let start = Int.random(in: 0..<FakeMachine.size, using: &generator)
      let length = Int.random(in: 1...(Bool.random(using: &generator) ? 0x300 : 0x5000), using: &generator)
      let expected = program[start..<min(start + length, FakeMachine.size)]
      #expect(try read("qvesper.Memory:", start, length, Self.expanded) == expected[...])
      #expect(try read("x", start, length) { $0.dropFirst() } == expected[...])
    }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `lists of ranges tell what their ranges hold`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    fill(using: &generator)
    for _ in 0..<100 {
      let ranges = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
        let start = Int.random(in: 0..<FakeMachine.size, using: &generator)
        let longest = min(FakeMachine.size - start, 1 << Int.random(in: 0...12, using: &generator))
        return start..<start + Int.random(in: 1...longest, using: &generator)
      }
      var end: UInt64 = 0
      let texts = ranges.map { range in
        let start = FakeMachine.base + UInt64(range.lowerBound)
        defer { end = start + UInt64(range.count) }
        return "\(String(start &- end, radix: 16)),\(String(range.count, radix: 16))"
      }
      bench.receive(frame(Array("qvesper.Memory:\(texts.joined(separator: ";"))".utf8)))
      let came = try Self.expanded(try payload(bench.takeLine())[...])
      let expected = ranges.flatMap { machine.memory[$0] }
      #expect(!came.isEmpty && came.elementsEqual(expected.prefix(came.count)))
      // What fits surely is told.
      #expect(came.count >= min(expected.count, 600))
    }
  }

  /// Stretches of zeros, of other bytes and of a mixture, of any length.
  private func fill(using generator: inout SplitMix64) {
    var offset = 0
    while offset < FakeMachine.size {
      let end = min(
        offset + Int.random(in: 1...(1 << Int.random(in: 0...13, using: &generator)), using: &generator),
        FakeMachine.size)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: for index in offset..<end { machine.memory[index] = .random(in: 0...255, using: &generator) }
      case 1:
        // What must be escaped takes two bytes each.
        for index in offset..<end {
          machine.memory[index] = "$#}*".utf8.randomElement(using: &generator) ?? 0
        }
      case 2:
        for index in offset..<end where Int.random(in: 0..<40, using: &generator) == 0 {
          machine.memory[index] = .random(in: 0...255, using: &generator)
        }
      default: break
      }
      offset = end
    }
  }

  /// Asks for memory until all has come that can be read.
  private func read(
    _ request: String, _ start: Int, _ length: Int, _ memory: (ArraySlice<UInt8>) throws -> ArraySlice<UInt8>
  ) throws -> ArraySlice<UInt8> {
    var bytes: ArraySlice<UInt8> = []
    while bytes.count < length, start + bytes.count < FakeMachine.size {
      let address = FakeMachine.base + UInt64(start + bytes.count)
      let part = "\(String(address, radix: 16)),\(String(length - bytes.count, radix: 16))"
      bench.receive(frame(Array((request + part).utf8)))
      let came = try memory(try payload(bench.takeLine())[...])
      try #require(!came.isEmpty && came.count <= length - bytes.count)
      bytes += came
    }
    return bytes
  }

  /// The one packet's. On the line it is as long as any, and not much more than 32 KiB when its runs are expanded.
  private func payload(_ line: [UInt8]) throws -> [UInt8] {
    #expect(line.count <= 0x660)
    let memory = Memory(34 << 10)
    var receiver = PacketReceiver(buffer: memory.buffer, expandsRuns: true)
    let events = line.map { receiver.receive($0) }
    try #require(events.last == .packet && events.dropLast().allSatisfy { $0 == .pending })
    return receiver.payload.withUnsafeBytes { Array($0) }
  }

  /// The memory that a sparse answer tells of.
  private static func expanded(_ answer: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
    var rest = answer.dropFirst()
    var bytes: ArraySlice<UInt8> = []
    while !rest.isEmpty {
      let colon = try #require(rest.firstIndex(of: UInt8(ascii: ":")))
      let counts = String(decoding: rest[..<colon], as: UTF8.self).split(separator: ",").map {
        Int($0, radix: 16)
      }
      try #require(counts.count == 2)
      let (zeros, count) = (try #require(counts[0]), try #require(counts[1]))
      rest = rest[(colon + 1)...]
      try #require(rest.count >= count)
      bytes += repeatElement(0, count: zeros) + rest.prefix(count)
      rest = rest.dropFirst(count)
    }
    return bytes
  }
}

/// How much is read for one answer.
@Suite struct SparseMemoryLimitTests {
  private func answer(_ request: String) -> (line: [String], read: Int) {
    let counts = BlankTargetCounts()
    let storage = Memory(4096)
    var stub = GDBStub(target: BlankTarget(counts: counts), storage: storage.storage)
    for byte in frame(Array(request.utf8)) { _ = stub.receive(byte) }
    return (describe(counts.line), counts.read)
  }

  @Test func `the target stands still for 256 KiB and no longer`() {
    let (line, read) = answer("qvesper.Memory:0,ffffffffffffffff")
    #expect(line == ["<< +", "< b40000,0:"])
    #expect(read == 0x40000)
  }

  @Test func `addresses end where 64 bits do`() {
    #expect(answer("qvesper.Memory:ffffffffffffff00,1000").line == ["<< +", "< b100,0:"])
    #expect(answer("qvesper.Memory:fffffffffffff800,1000").line == ["<< +", "< b800,0:"])
    #expect(answer("qvesper.Memory:ffffffffffffffff,1").line == ["<< +", "< b1,0:"])
  }
}
