import GDBStub
import Testing

@Suite struct AttachTests {
  private let machine = FakeMachine()
  private let bench: Bench

  init() {
    machine.load(FakeMachine.countingLoop)
    bench = Bench(machine)
  }

  /// Brings gdb to a stopped target in no-ack mode.
  private func attach() {
    bench.play(
      """
      > qSupported:swbreak+;hwbreak+
      << +
      < PacketSize=…
      > QStartNoAckMode
      << +
      < OK
      > ?
      < T02…
      """)
  }

  @Test func `noise attaches nobody and is console input`() {
    bench.receive(Array("ls\r\u{3}+$m0,4#00".utf8))
    #expect(bench.takeLine() == [])
    #expect(!bench.isAttached)
    #expect(bench.input == Array("ls\r\u{3}+".utf8))
  }

  @Test func `a dollar that is typed swallows its line and no more`() {
    bench.play(">> pay $5 now\\nls\\n")
    #expect(String(decoding: bench.input, as: UTF8.self) == "pay \nls\n")
    bench.input = []
    bench.receive(Array("cost: $\rls #00\r".utf8))
    #expect(String(decoding: bench.input, as: UTF8.self) == "cost: \rls #00\r")
    #expect(!bench.isAttached)
    bench.play(
      ">> $1\\n\n> qC\n<< +\n< QC1\n# Attached, a packet may hold a line's end.\n> X40200000,1:\\n\n<< +\n< E10"
    )
  }

  @Test func `the acknowledgement of the last reply is no console input`() {
    bench.play("> D\n<< +\n< OK\n>> +")
    #expect(bench.input == [])
    bench.play(">> +")
    #expect(bench.input == Array("+".utf8))
  }

  @Test func `a damaged packet is asked for again, and a lost reply sent again`() {
    bench.play(
      """
      > qAttached
      << +
      < 1
      >> -
      < 1
      >> $qAttached#00
      << -
      """)
  }

  @Test func `without acknowledgements nothing is sent for a damaged packet`() {
    attach()
    bench.play(">> $qAttached#00\n>> -")
  }

  @Test func `Ctrl-C stops a target that runs and does nothing to one that stands`() {
    attach()
    bench.play(
      """
      >> ^C
      > vCont;c
      >> ^C
      < T02thread:1;20:…
      >> ^C
      """)
  }

  @Test func `a new client after one that vanished finds acknowledgements on and no breakpoints`() {
    attach()
    bench.play("> Z0,40200008,4\n< OK")
    #expect(machine.word(at: 0x4020_0008) == FakeMachine.Instruction.break)
    bench.play(
      """
      >> +
      > qSupported:swbreak+
      << +
      < PacketSize=…
      >> +
      > ?
      << +
      < T02thread:1;…
      """)
    #expect(machine.word(at: 0x4020_0008) == FakeMachine.Instruction.nop)
  }

  @Test func `a new client may come in the middle of a packet of the last one`() {
    attach()
    bench.receive(Array("$X40200000,100:half of it".utf8))
    bench.play(">> +\n> qSupported\n<< +\n< PacketSize=…")
    #expect(machine.word(at: 0x4020_0000) == FakeMachine.Instruction.increment)
  }

  @Test func `lldb turns acknowledgements off before it negotiates`() {
    for _ in 0..<2 {
      bench.play(
        """
        >> +
        > QStartNoAckMode
        << +
        < OK
        >> +
        > qSupported:xmlRegisters=i386
        < PacketSize=…
        """)
    }
  }

  @Test func `detaching lifts breakpoints and lets the target run`() {
    attach()
    bench.play("> Z0,40200008,4\n< OK\n> D\n< OK")
    #expect(machine.word(at: 0x4020_0008) == FakeMachine.Instruction.nop)
    #expect(!bench.isAttached && !bench.isStopped)
    #expect(machine.registers[0] > 0x1000)
  }

  @Test func `killing resets a machine that can be reset`() {
    machine.canReset = true
    attach()
    bench.play("> Z0,40200008,4\n< OK\n> k")
    #expect(bench.resets == 1)
    #expect(machine.word(at: 0x4020_0008) == FakeMachine.Instruction.nop)
    #expect(!bench.isAttached)
  }

  @Test func `a machine is started anew by R, without an answer`() {
    bench.machine.canReset = true
    bench.play("> QStartNoAckMode\n<< +\n< OK\n> R\n< E16\n> R00")
    #expect(bench.resets == 1)
    bench.machine.canReset = false
    bench.play("> R00\n<< +\n<")
    #expect(bench.resets == 1)
  }

  @Test func `killing detaches from a machine that cannot be reset`() {
    attach()
    bench.play("> vKill;a410\n< OK")
    #expect(bench.resets == 0)
    #expect(!bench.isAttached && !bench.isStopped)
  }

  @Test func `a target that stopped with nobody attached tells the next client why`() {
    bench.stopped(.exception(.abort))
    bench.play("> ?\n<< +\n< T06thread:1;20:…")
  }

  @Test func `why a target stopped is told in the words that the client knows`() {
    attach()
    bench.play("> vCont;c")
    bench.stopped(.hardwareBreakpoint)
    #expect(describe(bench.takeLine()).first?.hasPrefix("< T05hwbreak:;thread:1;") == true)
    bench.play("> vCont;c")
    bench.stopped(.watchpoint(.read, address: 0xffff_0000_4020_1000))
    #expect(describe(bench.takeLine()).first?.hasPrefix("< T05rwatch:ffff000040201000;thread:1;") == true)
  }
}
