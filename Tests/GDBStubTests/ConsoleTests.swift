import GDBStub
import Testing

@Suite struct ConsoleTests {
  private let bench: Bench

  init() {
    let machine = FakeMachine()
    machine.load(FakeMachine.countingLoop)
    bench = Bench(machine)
  }

  @Test func `text is plain while nobody is attached`() {
    bench.play("... Hello\\n\n<< Hello\\n")
  }

  @Test func `text is plain while gdb attaches, as it takes packets for answers then`() {
    bench.play("> qSupported\n<< +\n< PacketSize=…\n... Hello\\n\n<< Hello\\n")
  }

  @Test func `text comes in packets, by the line, to a client that let the target run`() {
    bench.play(
      """
      > QStartNoAckMode
      << +
      < OK
      > ?
      < T02…
      > c
      ... Hel
      ... lo\\nyou
      < O48656c6c6f0a
      >> ^C
      < O796f75
      < T02…
      """)
  }

  @Test func `text comes in packets to a debugger of Vesper, which may read in between`() {
    bench.play(
      """
      > QStartNoAckMode
      << +
      < OK
      > qvesper.Epoch
      <
      ... Hi
      > m40200000,4
      < O4869
      < 00040091
      """)
  }

  @Test func `a line that does not end is sent in parts`() {
    bench.play("> c\n<< +")
    bench.print(String(repeating: "a", count: 81))
    #expect(describe(bench.takeLine()) == ["< O" + String(repeating: "61", count: 80)])
    bench.flushConsole()
    #expect(describe(bench.takeLine()) == ["< O61"])
    bench.flushConsole()
    #expect(bench.takeLine() == [])
  }

  @Test func `text is plain again after the client has detached`() {
    bench.play("> c\n<< +\n... Hi\n> D\n<< +\n< O4869\n< OK\n... Hello\\n\n<< Hello\\n")
  }
}
