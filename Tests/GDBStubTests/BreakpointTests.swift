import GDBStub
import Testing

@Suite struct BreakpointTests {
  private let machine = FakeMachine()
  private let bench: Bench

  init() {
    machine.load(FakeMachine.countingLoop)
    bench = Bench(machine)
    bench.play("> qSupported:swbreak+\n<< +\n< PacketSize=…\n> QStartNoAckMode\n<< +\n< OK\n> ?\n< T02…")
  }

  @Test func `a breakpoint stops the target before its instruction`() {
    bench.play(
      """
      > Z0,40200008,4
      < OK
      > vCont;c
      < T05swbreak:;thread:1;20:0800204000000000;1f:0080204000000000;1d:1d10000000000000;
      > z0,40200008,4
      < OK
      > vCont;c:1
      >> ^C
      < T02…
      """)
    #expect(machine.word(at: 0x4020_0008) == FakeMachine.Instruction.nop)
  }

  @Test func `a breakpoint instruction of the program is no breakpoint of gdb`() {
    machine.load([FakeMachine.Instruction.break], at: 0x4020_0004)
    bench.play("> vCont;c\n< T05thread:1;20:0400204000000000;…")
  }

  @Test func `reads show the program's instructions, in whatever part`() {
    bench.play(
      """
      > Z0,40200004,4
      < OK
      > m40200000,c
      < 000400911f2003d51f2003d5
      > m40200005,2
      < 2003
      > m40200007,2
      < d51f
      > qCRC:40200000,10
      < Caf5c531a
      """)
    #expect(machine.word(at: 0x4020_0004) == FakeMachine.Instruction.break)
  }

  @Test func `a write over a breakpoint changes what will stand there`() {
    bench.play(
      """
      > Z0,40200004,4
      < OK
      > M40200002,4:aabbccdd
      < OK
      > m40200000,8
      < 0004aabbccdd03d5
      """)
    #expect(machine.word(at: 0x4020_0004) == FakeMachine.Instruction.break)
    bench.play("> z0,40200004,4\n< OK")
    #expect(machine.word(at: 0x4020_0004) == 0xd503_ddcc)
  }

  @Test func `what the program wrote over a breakpoint stays`() {
    bench.play("> Z0,40200004,4\n< OK")
    machine.load([0x1122_3344], at: 0x4020_0004)
    bench.play("> m40200004,4\n< 44332211\n> z0,40200004,4\n< OK")
    #expect(machine.word(at: 0x4020_0004) == 0x1122_3344)
  }

  @Test func `setting a breakpoint twice is setting it once, and clearing none is done`() {
    bench.play("> Z0,40200008,4\n< OK\n> Z0,40200008,4\n< OK\n> z0,40200008,4\n< OK\n> z0,40200008,4\n< OK")
    #expect(machine.word(at: 0x4020_0008) == FakeMachine.Instruction.nop)
  }

  @Test func `the 65th breakpoint is refused`() {
    for index in 0..<64 {
      bench.play("> Z0,\(String(0x4020_0100 + 4 * index, radix: 16)),4\n< OK")
    }
    bench.play("> Z0,40200008,4\n< E1c\n> z0,40200100,4\n< OK\n> Z0,40200008,4\n< OK")
  }

  @Test func `a breakpoint where none can be is refused, and nothing is changed`() {
    machine.load([FakeMachine.Instruction.nop], at: FakeMachine.readOnly)
    bench.play(
      """
      # No memory; not writable; across their border; not aligned; of another length.
      > Z0,0,4
      < E0e
      > Z0,4020f000,4
      < E0e
      > Z0,fffffffffffffffc,4
      < E0e
      > Z0,40200002,4
      < E16
      > Z0,40200000,2
      < E16
      > Z0,40200000
      < E16
      """)
    #expect(machine.word(at: FakeMachine.readOnly) == FakeMachine.Instruction.nop)
  }

  @Test func `a breakpoint that is put aside stays set until the client sets it anew`() {
    bench.play("> Z0,40200004,4\n< OK")
    #expect(bench.putAside(0x4020_0004) && !bench.putAside(0x4020_0008))
    #expect(machine.word(at: 0x4020_0004) == FakeMachine.Instruction.nop)
    bench.play("> m40200004,4\n< 1f2003d5\n> z0,40200004,4\n< OK\n> Z0,40200004,4\n< OK")
    #expect(machine.word(at: 0x4020_0004) == FakeMachine.Instruction.break)
  }

  @Test func `a target may refuse breakpoints, and says why a register cannot watch`() {
    machine.hardwareBreakpoints = []
    bench.play(
      """
      > Z0,\(String(FakeMachine.ownCode, radix: 16)),4
      < E01
      > Z1,\(String(FakeMachine.ownCode, radix: 16)),4
      < E01
      > Z2,40200000,9
      < E22
      """)
    #expect(machine.word(at: FakeMachine.ownCode) == 0)
  }

  @Test func `hardware breakpoints are the target's`() {
    bench.play("> Z1,40200000,4\n<\n> Z2,40200000,4\n<\n> z2,40200000,4\n<\n> Z9,40200000,4\n<")
    machine.hardwareBreakpoints = []
    bench.play(
      """
      > Z1,40200000,4
      < OK
      > Z4,40200000,8
      < OK
      > Z2,40200000,8
      < E1c
      > z1,40200000,4
      < OK
      """)
    #expect(machine.hardwareBreakpoints == [[4, 0x4020_0000, 8]])
    bench.play("> D\n< OK")
    #expect(machine.hardwareBreakpoints == [])
  }
}
