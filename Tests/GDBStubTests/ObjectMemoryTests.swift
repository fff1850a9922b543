import GDBProtocol
import GDBStub
import TestSupport
import Testing

/// `qvesper.Objects`.
@Suite struct ObjectMemoryTests {
  private let machine = FakeMachine()
  private let bench: Bench

  init() {
    bench = Bench(machine)
    bench.play("> QStartNoAckMode\n<< +\n< OK")
  }

  private func objects(_ regions: (UInt64, UInt64)...) {
    machine.objects = regions.map { MemoryMapRegion(start: $0.0, length: $0.1) }
  }

  @Test func `objects are told by their distance from the one before, in the target's order`() {
    machine.memory.replaceSubrange(0x1000..<0x1005, with: "abcde".utf8)
    machine.memory[0x102] = 0x7a
    objects((0x4020_1000, 3), (0x4020_1003, 2), (0x4020_0100, 8), (0x4020_2000, 0x800), (0x4020_2800, 2))
    bench.play(
      """
      > qvesper.Objects:1000
      < m>40201000,0,3:abc0,2:de<f05,2,1:z5,0:>1ef8,802,0:
      < l
      """)
  }

  @Test func `what cannot be read is left out, and the next object comes`() {
    machine.memory[0xffff] = 0x7a
    machine.memory[0x1000] = 0x79
    objects((0x4020_ffff, 8), (0, 8), (0x4020_1000, 1), (0x4020_1001, 0))
    bench.play(
      """
      > qvesper.Objects:1000
      < m>4020ffff,0,1:z<f000,0,1:y
      < l
      """)
  }

  @Test func `no object is no packet but the last`() {
    objects()
    bench.play("> qvesper.Objects:1000\n< l")
  }

  @Test func `a request of another form is refused, and one for which there is no answer`() {
    objects((0x4020_1000, 3))
    bench.play(
      """
      > qvesper.Objects
      < E16
      > qvesper.Objects:
      < E16
      > qvesper.Objects:10,10
      < E16
      > qvesper.Objects:10000000000000000
      < E16
      > qvesper.Object:10
      <
      """)
    machine.objects = nil
    bench.play("> qvesper.Objects:1000\n<")
  }

  @Test func `who may ask for a packet again gets one only`() {
    machine.objects = [MemoryMapRegion(start: 0x4020_1000, length: 3)]
    let bench = Bench(machine)
    bench.play("> qvesper.Objects:1000\n<< +\n< E47")
  }

  @Test func `it is offered by targets that know their objects`() throws {
    for isKnown in [false, true] {
      machine.objects = isKnown ? [] : nil
      bench.receive(frame(Array("qSupported".utf8)))
      #expect(String(decoding: bench.takeLine(), as: UTF8.self).contains("qvesper.Objects+") == isKnown)
    }
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `all objects come, whatever memory holds, or those that the line has room for`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for index in machine.memory.indices where Int.random(in: 0..<3, using: &generator) == 0 {
      machine.memory[index] = UInt8.random(in: 0...255, using: &generator)
    }
    for _ in 0..<20 {
      let start = Int.random(in: 0..<FakeMachine.size - 0x800, using: &generator)
      for index in start..<start + 0x800 { machine.memory[index] = 0 }
    }
    for _ in 0..<20 {
      let regions = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
        MemoryMapRegion(
          start: FakeMachine.base + UInt64.random(in: 0..<UInt64(FakeMachine.size) + 64, using: &generator),
          length: UInt64.random(
            in: 0...(1 << UInt64.random(in: 0...13, using: &generator)), using: &generator))
      }
      machine.objects = regions
      let limit = Int.random(in: 0...0x10000, using: &generator)
      bench.receive(frame(Array("qvesper.Objects:\(String(limit, radix: 16))".utf8)))
      let line = bench.takeLine()
      let told = try told(line)
      let whole = regions.flatMap { region in
        (region.start..<region.start + region.length).lazy.filter { $0 < FakeMachine.base + 0x10000 }.map {
          Told(address: $0, byte: machine.memory[Int($0 - FakeMachine.base)])
        }
      }
      #expect(told.elementsEqual(whole.prefix(told.count)))
      // One packet more than the limit, and the last.
      #expect(line.count <= limit + 0x660 + 5)
      #expect(told.count == whole.count || line.count >= limit)
    }
  }

  private struct Told: Equatable {
    let address: UInt64
    let byte: UInt8
  }

  /// What packets say, in their order, each as long as any and not much more than 32 KiB when its runs are expanded.
  private func told(_ line: [UInt8]) throws -> [Told] {
    let memory = Memory(34 << 10)
    var receiver = PacketReceiver(buffer: memory.buffer, expandsRuns: true)
    var told: [Told] = []
    var end: UInt64 = 0
    var length = 0
    var isLast = false
    for byte in line {
      length += 1
      let event = receiver.receive(byte)
      try #require(event == .packet || event == .pending)
      guard event == .packet else { continue }
      #expect(length <= 0x660 && !isLast)
      length = 0
      var cursor = PacketCursor(receiver.payload)
      isLast = cursor.isExactly("l")
      guard !isLast else { continue }
      let isPart = cursor.take(UInt8(ascii: "m"))
      try #require(isPart && !cursor.isAtEnd)
      while !cursor.isAtEnd { try take(&cursor, &end, &told) }
    }
    #expect(isLast)
    return told
  }

  private func take(_ cursor: inout PacketCursor, _ end: inout UInt64, _ told: inout [Told]) throws {
    for (mark, sign) in [(UInt8(ascii: ">"), UInt64(1)), (UInt8(ascii: "<"), UInt64.max)]
    where cursor.take(mark) {
      let count = cursor.number()
      end &+= sign &* (try #require(count))
      let isSeparated = cursor.take(UInt8(ascii: ","))
      try #require(isSeparated)
      if cursor.isAtEnd { return }
    }
    let counts = cursor.numberPair()
    let isBegun = cursor.take(UInt8(ascii: ":"))
    let (zeros, count) = try #require(counts)
    try #require(isBegun)
    for index in 0..<zeros + count {
      let byte = index < zeros ? 0 : cursor.next()
      told.append(Told(address: end, byte: try #require(byte)))
      end &+= 1
    }
  }
}

/// How much is read for one answer.
@Suite struct ObjectMemoryLimitTests {
  @Test func `the target stands still for a mebibyte of zeros and no longer`() {
    let counts = BlankTargetCounts()
    let storage = Memory(4096)
    var stub = GDBStub(target: BlankTarget(counts: counts, isOneObject: true), storage: storage.storage)
    for request in ["QStartNoAckMode", "qvesper.Objects:ffffffffffffffff"] {
      for byte in frame(Array(request.utf8)) { _ = stub.receive(byte) }
    }
    #expect(describe(counts.line) == ["<< +", "< OK", "< m100000,0:", "< l"])
    #expect(counts.read == 1 << 20)
  }
}
