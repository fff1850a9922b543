import GDBStub
import Testing

@Suite struct MemoryTests {
  private let machine = FakeMachine()
  private let bench: Bench

  init() {
    bench = Bench(machine)
    bench.play("> QStartNoAckMode\n<< +\n< OK\n> ?\n< T02…")
  }

  @Test func `memory is written and read in digits and in binary`() {
    bench.play(
      """
      > M40200000,3:010203
      < OK
      > X40200003,4:$#}*
      < OK
      > X40200000,0:
      < OK
      > m40200000,7
      < 01020324237d2a
      > x40200003,4
      < b$#}*
      """)
  }

  @Test func `a read that meets a fault shows what is before it, and none if it starts in one`() {
    machine.memory[0xffff] = 0x5a
    bench.play("> m4020ffff,4\n< 5a\n> x4020ffff,4\n< bZ\n> m40210000,4\n< E0e\n> x0,4\n< E0e")
  }

  @Test func `a write that meets a fault is refused`() {
    bench.play("> M4020effe,4:01020304\n< E0e\n> M0,1:00\n< E0e\n> X4020f000,1:a\n< E0e")
    #expect(machine.memory[0xf000] == 0)
  }

  @Test func `addresses end where 64 bits do`() {
    bench.play(
      "> mffffffffffffffff,2\n< E0e\n> Mffffffffffffffff,2:0000\n< E0e\n> m10000000000000000,1\n< E16")
  }

  @Test func `a read of more than fits is cut`() {
    bench.receive(frame(Array("m40200000,ffffffffffffffff".utf8)))
    // 0x652 digits at most.
    #expect(describe(bench.takeLine()) == ["< " + String(repeating: "00", count: 0x652 / 2)])
    bench.receive(frame(Array("x40200000,7fffffff".utf8)))
    #expect(describe(bench.takeLine()).first?.count == 2 + 0x651)
  }

  @Test func `a request of another form than the protocol's is refused and does nothing`() {
    bench.play(
      """
      > m
      < E16
      > m40200000
      < E16
      > m40200000,4,4
      < E16
      > M40200000,2:00
      < E16
      > M40200000,1:0
      < E16
      > M40200000,1:0g
      < E16
      > X40200000,2:a
      < E16
      > X40200000,1
      < E16
      """)
    #expect(machine.writes == 0)
  }

  @Test func `a packet of more than PacketSize is refused`() {
    bench.receive(frame(Array("M40200000,1000:".utf8) + Array(repeating: 0x30, count: 0x2000)))
    #expect(describe(bench.takeLine()) == ["< E07"])
    #expect(machine.writes == 0)
  }

  @Test func `the checksum of memory is the one that gdb computes`() {
    machine.memory.replaceSubrange(0..<9, with: "123456789".utf8)
    // The check value of CRC-32/MPEG-2.
    bench.play("> qCRC:40200000,9\n< C376e6e7\n> qCRC:40200000,20000\n< E0e\n> qCRC:0,ffffffffff\n< E16")
  }

  @Test func `a client that knows messages gets one`() {
    bench.play("> qSupported:error-message+\n< PacketSize=…\n> m0,1\n< E.memory cannot be accessed")
  }
}
