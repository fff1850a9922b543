import GDBStub
import Testing

@Suite struct SessionTests {
  @Test func `gdb attaches, reads registers and memory, steps and detaches`() {
    let machine = FakeMachine()
    machine.load(FakeMachine.countingLoop)
    let bench = Bench(machine)
    bench.play(
      """
      # What gdb 13.1 sends, less the probes that are answered alike.
      >> +
      > qSupported:multiprocess+;swbreak+;hwbreak+;qRelocInsn+;fork-events+;vContSupported+;xmlRegisters=i386
      << +
      < PacketSize=652;QStartNoAckMode+;vContSupported+;qXfer:features:read+;swbreak+;hwbreak+;\
      binary-upload+;error-message+;qXfer:threads:read+;QNonStop+;qXfer:memory-map:read+;qXfer:osdata:read+;\
      qvesper.Memory+
      >> +
      > vMustReplyEmpty
      << +
      <
      >> +
      > QStartNoAckMode
      << +
      < OK
      >> +
      > Hg0
      < OK
      > qXfer:features:read:target.xml:0,ffb
      < m<?xml version="1.0"?>…
      > qTStatus
      <
      > ?
      < T02thread:1;20:0000204000000000;1f:0080204000000000;1d:1d10000000000000;
      > qfThreadInfo
      < m1
      > qsThreadInfo
      < l
      > qAttached
      < 1
      > Hc-1
      < OK
      > qC
      < QC1
      > qOffsets
      <
      > p21
      < c5030060
      > m40200000,4
      < 00040091
      > vCont?
      < vCont;c;C;s;S;r;t
      > vCont;s:1;c
      < T05thread:1;20:0400204000000000;1f:0080204000000000;1d:1d10000000000000;
      > p0
      < 0110000000000000
      > D
      < OK
      """)
    #expect(!bench.isAttached)
    #expect(!bench.isStopped)
  }

  @Test func `single registers are read and written, system registers only read`() {
    let bench = Bench()
    bench.play(
      """
      > ?
      << +
      < T02…
      > QStartNoAckMode
      << +
      < OK
      # One digit too few: nothing is written.
      > G00100000
      < E16
      > P5=efbeadde00000000
      < OK
      > p5
      < efbeadde00000000
      # TTBR0_EL1 is not known to this machine, and a system register is not written.
      > p44
      < xxxxxxxxxxxxxxxx
      > P45=0000000000000000
      < E01
      > p51
      < E16
      """)
    #expect(bench.machine.registers[5] == 0xdead_beef)
  }

  @Test func `a vector register has sixteen bytes, the floating-point control register four`() {
    let bench = Bench()
    bench.play(
      """
      > ?
      << +
      < T02…
      > QStartNoAckMode
      << +
      < OK
      > P41=0102030405060708090a0b0c0d0e0f10
      < OK
      > p41
      < 0102030405060708090a0b0c0d0e0f10
      # Half of it, and more than all of it.
      > P41=0102030405060708
      < E16
      > P41=0102030405060708090a0b0c0d0e0f1011
      < E16
      > P43=00000003
      < OK
      > p43
      < 00000003
      """)
    #expect(bench.machine.registers[65] == 0x0807_0605_0403_0201)
    #expect(bench.machine.upperHalves[65] == 0x100f_0e0d_0c0b_0a09)
  }

  @Test func `g reads the core registers in gdb's order, cpsr in four bytes, and G writes them`() {
    let bench = Bench()
    bench.play("> ?\n<< +\n< T02…\n> QStartNoAckMode\n<< +\n< OK")
    let before = bench.machine.registers
    bench.receive(frame(Array("g".utf8)))
    let reply = describe(bench.takeLine())
    let expected = before.prefix(34).enumerated().map { number, value in
      hex(littleEndian: value, bytes: number == 33 ? 4 : 8)
    }
    let registers = expected.joined()
    #expect(reply == ["< \(registers)"])
    for register in 0...33 { bench.machine.registers[register] = 7 }
    bench.receive(frame(Array("G\(registers)".utf8)))
    #expect(describe(bench.takeLine()) == ["< OK"])
    #expect(bench.machine.registers == before)
  }

  @Test func `a debugger that never stops the target reads memory and queries`() {
    let machine = FakeMachine()
    machine.load([0x1234_5678])
    machine.epoch = 0x2a
    machine.descriptor = Array("vesper 1\n$#}*".utf8)
    let bench = Bench(machine)
    bench.play(
      """
      > qSupported
      << +
      < PacketSize=652;QStartNoAckMode+;vContSupported+;qXfer:features:read+;swbreak+;hwbreak+;binary-upload+;\
      error-message+;qXfer:threads:read+;QNonStop+;qXfer:memory-map:read+;qXfer:osdata:read+;qvesper.Descriptor+;\
      qvesper.Epoch+;qvesper.Memory+
      > QStartNoAckMode
      << +
      < OK
      > qvesper.Epoch
      < 2a
      > qvesper.Descriptor:0,6
      < mvesper
      > qvesper.Descriptor:6,1000
      < l 1\\n$#}*
      > qvesper.Descriptor:d,10
      < l
      > qvesper.Descriptor:e,10
      < E16
      > qvesper.Descriptors:0,10
      <
      > m40200000,4
      < 78563412
      > x40200000,4
      < bxV4\u{12}
      > g
      < E10
      > M40200000,1:00
      < E10
      """)
    #expect(!bench.isStopped)
  }
}
