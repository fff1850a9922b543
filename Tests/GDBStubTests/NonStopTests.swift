import GDBStub
import Testing

/// Threads are held one by one while the others run. Thread 1 is the processor, which cannot be.
@Suite struct NonStopTests {
  private let machine = FakeMachine()
  private let bench: Bench

  init() {
    machine.load(FakeMachine.countingLoop)
    machine.threads = [1, 2, 3, 4]
    bench = Bench(machine)
    bench.play("> QStartNoAckMode\n<< +\n< OK\n> QNonStop:1\n< OK")
  }

  @Test func `attaching stops nothing`() {
    bench.play(
      """
      > ?
      < OK
      > vStopped
      < OK
      """)
    #expect(!bench.isStopped)
    #expect(machine.held.isEmpty)
  }

  @Test func `one thread is stopped, looked at, stepped and let go`() {
    bench.play(
      """
      > vCont;t:3
      < OK
      <% Stop:T00thread:3;20:0000204000000000;…
      > vStopped
      < OK
      > Hg3
      < OK
      > p20
      < 0000204000000000
      > Z0,40200008,4
      < OK
      > z0,40200008,4
      < OK
      > vCont;s:3
      < OK
      <% Stop:T05thread:3;20:0400204000000000;…
      > vStopped
      < OK
      > vCont;r40200000,40200010:3
      < OK
      <% Stop:T05thread:3;20:0800204000000000;…
      > vStopped
      < OK
      > vCont;c:3
      < OK
      > p20
      < E10
      """)
    #expect(!bench.isStopped)
    #expect(machine.held.isEmpty)
  }

  @Test func `registers of a thread that runs are refused, memory and breakpoints are not`() {
    bench.play(
      """
      > Hg2
      < OK
      > g
      < E10
      > P0=0000000000000000
      < E10
      > M40200100,1:ff
      < OK
      > m40200100,1
      < ff
      > Z0,40200000,4
      < OK
      """)
  }

  @Test func `one stop is told at a time, the others when the client asks`() {
    bench.hold(3, .breakpoint)
    bench.play(
      """
      # `hold` was before the client spoke: this line takes what it has said.
      > vMustReplyEmpty
      <% Stop:T05thread:3;…
      <
      """)
    bench.hold(2, .watchpoint(.write, address: 0x1234))
    bench.hold(4, .step)
    bench.play(
      """
      > vStopped
      < T05watch:1234;thread:2;…
      > vStopped
      < T05thread:4;…
      > vStopped
      < OK
      > vStopped
      < OK
      """)
  }

  @Test func `a stop that the client has not heard of remains`() {
    bench.hold(3, .step)
    _ = bench.takeLine()
    bench.play("> vCont;c\n< OK")
    #expect(machine.held.keys.sorted() == [3])
    bench.play("> vStopped\n< OK\n> vCont;c\n< OK")
    #expect(machine.held.isEmpty)
  }

  @Test func `the question why tells all stops anew`() {
    bench.hold(3, .step)
    _ = bench.takeLine()
    bench.play("> vStopped\n< OK")
    bench.hold(4, .interrupt)
    _ = bench.takeLine()
    bench.play(
      """
      > ?
      < T05thread:3;…
      > vStopped
      < T02thread:4;…
      > vStopped
      < OK
      """)
  }

  @Test func `all threads can be stopped and let go at once, the processor is none of them`() {
    bench.play(
      """
      > qfThreadInfo
      < m2,3,4
      > T1
      < E03
      > vCont;t
      < OK
      <% Stop:T00thread:2;…
      > vStopped
      < T00thread:3;…
      > vStopped
      < T00thread:4;…
      > vStopped
      < OK
      > vCont;t:-1
      < OK
      > vCont;s:2;c
      < OK
      <% Stop:T05thread:2;…
      > vStopped
      < OK
      """)
    #expect(machine.held.keys.sorted() == [2])
  }

  @Test func `Ctrl-C stops the thread that was let go last`() {
    bench.play(
      """
      > vCont;t:4
      < OK
      <% Stop:T00thread:4;…
      > vStopped
      < OK
      > vCont;c:4
      < OK
      > vCtrlC
      < OK
      <% Stop:T02thread:4;…
      > vStopped
      < OK
      >> ^C
      <% Stop:T02thread:2;…
      """)
  }

  @Test func `a thread that has gone is said to have exited when it is to stop`() {
    bench.play(
      """
      > vCont;t:9
      < OK
      <% Stop:w00;9
      > vStopped
      < OK
      """)
  }

  @Test func `a stop of the kernel is the processor's, and all stand still until it goes on`() {
    bench.stopped(.exception(.segmentation))
    bench.play(
      """
      > vStopped
      <% Stop:T0bthread:1;…
      < OK
      > qfThreadInfo
      < m1,2,3,4
      > Hg2
      < OK
      # While nothing runs, all registers can be read.
      > p0
      < 0010000000000000
      > vCont;c:2
      < OK
      """)
    #expect(bench.isStopped)
    machine.programCounter = FakeMachine.base
    bench.play("> vCont;s:1\n< OK\n<% Stop:T05thread:1;…\n> vStopped\n< OK\n> vCont;c\n< OK")
    #expect(!bench.isStopped)
  }

  @Test func `a system that is stopped goes on without the thread it was stopped for`() {
    machine.threads = [3, 1, 2]
    let bench = Bench(machine)
    bench.play(
      """
      > QStartNoAckMode
      << +
      < OK
      > ?
      < T02thread:3;…
      > QNonStop:1
      < OK
      > ?
      < T02thread:3;…
      > vStopped
      < OK
      """)
    #expect(!bench.isStopped)
  }

  @Test(arguments: ["D", "vKill;1"])
  func `whoever leaves lets all go`(packet: String) {
    bench.play("> Z0,40200008,4\n< OK\n> vCont;t\n< OK\n<% Stop:T00thread:2;…\n> \(packet)\n< OK")
    #expect(machine.held.isEmpty)
    #expect(machine.word(at: 0x4020_0008) == FakeMachine.Instruction.nop)
  }

  @Test func `who vanishes leaves them held: the next finds them, and lets them go by going on`() {
    bench.play("> qSupported:error-message+\n< PacketSize=…\n> vCont;t:3\n< OK\n<% Stop:T00thread:3;…")
    bench.play(
      """
      > qSupported:
      << +
      < PacketSize=…
      > QNonStop:1
      << +
      < OK
      > ?
      << +
      < T00thread:3;…
      > QNonStop:0
      << +
      < OK
      > ?
      << +
      < T02thread:1;…
      > vCont;c
      << +
      """)
    #expect(machine.held.isEmpty)
  }

  @Test func `console text is plain between packets, and never looks like one`() {
    bench.play("... 100 % of $5\\n\n<< 100 ? of ?5\\n\n> qC\n< QC1")
  }

  @Test func `what is malformed changes nothing`() {
    bench.play(
      """
      > QNonStop
      < E16
      > QNonStop:2
      < E16
      > vCont;t:3;x
      < E16
      > vCont;t:
      < E16
      """)
    #expect(machine.held.isEmpty)
  }

  @Test func `in all-stop mode the packets of non-stop mode are not known`() {
    bench.play("> QNonStop:0\n< OK\n> vCtrlC\n<\n> vStopped\n<")
  }
}
