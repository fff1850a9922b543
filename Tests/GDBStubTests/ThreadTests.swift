import GDBStub
import Testing

@Suite struct ThreadTests {
  private let machine = FakeMachine()
  private let bench: Bench

  init() {
    machine.load(FakeMachine.countingLoop)
    machine.threads = [3, 1, 0x7fff_ffff_ffff_ffff]
    bench = Bench(machine)
    bench.play("> QStartNoAckMode\n<< +\n< OK\n> ?\n< T02thread:3;…")
  }

  @Test func `threads are listed and described`() {
    bench.play(
      """
      > qsThreadInfo
      < l
      > qfThreadInfo
      < m3,1,7fffffffffffffff
      > qsThreadInfo
      < l
      > qThreadExtraInfo,3
      < 646f6d61696e2033
      > qThreadExtraInfo,4
      < E03
      > qC
      < QC3
      > T1
      < OK
      > T2
      < E03
      > T8000000000000000
      < E16
      """)
  }

  @Test func `a list too long for a packet goes on in the next`() {
    machine.threads = Array(1...200)
    let small = Bench(machine, storage: GDBStub<FakeTarget>.smallestStorage)
    small.play("> QStartNoAckMode\n<< +\n< OK")
    var listed: [String] = []
    var query = "qfThreadInfo"
    while true {
      small.receive(frame(Array(query.utf8)))
      let reply = describe(small.takeLine()).first ?? ""
      guard reply.hasPrefix("< m") else { break }
      listed += reply.dropFirst(3).split(separator: ",").map(String.init)
      query = "qsThreadInfo"
    }
    #expect(listed == (1...200).map { String($0, radix: 16) })
  }

  @Test func `a thread that does not exist cannot be chosen`() {
    bench.play("> Hg1\n< OK\n> Hg2\n< E03\n> Hg-1\n< OK\n> Hc0\n< OK\n> Hx1\n< E16\n> Hg\n< E16")
  }

  @Test func `registers of a chosen thread that has gone are not shown`() {
    bench.play("> Hg1\n< OK")
    machine.threads = [3]
    bench.play("> g\n< E03\n> p0\n< E03\n> P0=0000000000000000\n< E03")
  }

  @Test func `the first action that names the current thread is what it does`() {
    bench.play(
      """
      > vCont;s:1;s:3;c
      < T05thread:3;20:0400204000000000;…
      > vCont;S05:3;c
      < T05thread:3;20:0800204000000000;…
      > vCont;s:1
      < E03
      > vCont;r1:3
      < E16
      > vCont
      < E16
      > vCont;t
      < T05thread:3;…
      """)
  }

  @Test func `a range is stepped through with one stop, at its end, a breakpoint, or Ctrl-C`() {
    bench.play(
      """
      > vCont;r40200000,4020000c:3;c
      < T05thread:3;20:0c00204000000000;…
      # The program counter may begin outside.
      > vCont;r40200004,40200008:3
      < T05thread:3;20:0000204000000000;…
      > Z0,40200008,4
      < OK
      > vCont;r40200000,40200010:3
      < T05thread:3;20:0800204000000000;…
      > z0,40200008,4
      < OK
      > vCont;r40200000,40200010:3
      < T02thread:3;…
      # The next step is no range's.
      > s40200000
      < T05thread:3;20:0400204000000000;…
      """)
  }

  @Test func `the old packets step and go on too`() {
    bench.play(
      """
      > s
      < T05thread:3;20:0400204000000000;…
      > S05;40200000
      < T05thread:3;20:0400204000000000;…
      > s40200004
      < T05thread:3;20:0800204000000000;…
      > C05
      >> ^C
      < T02…
      > cxyz
      < E16
      """)
  }

  @Test func `a command for the monitor is the target's`() {
    bench.play(
      """
      > qRcmd,68656c70
      < 68656c703a20746869730a
      > qRcmd,7175696574
      < OK
      > qRcmd,00
      <
      > qRcmd,0
      < E16
      """)
  }

  @Test func `what is not known gets the empty packet`() {
    bench.play(
      """
      > vMustReplyEmpty
      <
      > qSupportedX
      <
      > qvesper.
      <
      > Qvesper.Thing
      <
      > qXfer:osdata:write::0,100
      <
      > !
      <
      >> $#00
      <
      > qXfer:features:read:other.xml:0,100
      < E16
      > qXfer:features:read:target.xml:ffffffffffffffff,100
      < E16
      """)
  }
}
