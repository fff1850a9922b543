import GDBStub
import Testing

/// In all-stop mode a thread is stepped that is not the current one. Thread 1 is the processor, which cannot be.
@Suite struct ThreadStepTests {
  private let machine = FakeMachine()
  private let bench: Bench

  init() {
    machine.load(FakeMachine.countingLoop)
    machine.threads = [1, 2, 3]
    bench = Bench(machine)
    bench.play("> QStartNoAckMode\n<< +\n< OK\n> ?\n< T02thread:1;…")
  }

  @Test(arguments: ["s:3;c", "S05:3;c", "c:1;s:3", "r40200000,40200010:3;c"])
  func `it alone is stepped, and the others run until then`(actions: String) {
    bench.play("> vCont;\(actions)")
    #expect(!bench.isStopped)
    #expect(Array(machine.held.keys) == [3])
  }

  @Test(arguments: ["c;s:3", "c:3;c", "s:4;c", "t:3;c"])
  func `it is not stepped if another action is the first for it, or it cannot be`(actions: String) {
    bench.play("> vCont;\(actions)")
    #expect(machine.held.isEmpty)
  }

  @Test func `a stop ends the step, whatever stopped`() {
    bench.play("> vCont;s:3;c\n>> ^C\n< T02thread:1;…")
    #expect(bench.isStopped)
    #expect(machine.held.isEmpty)
  }

  @Test func `a client that goes leaves no thread to be stepped`() {
    bench.play("> vCont;s:3;c\n> D\n< OK")
    #expect(machine.held.isEmpty)
  }
}
