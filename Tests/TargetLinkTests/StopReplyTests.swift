import Testing

@testable import TargetLink

struct StopReplyTests {
  @Test(arguments: [
    ("S05", StopEvent(.trap)),
    ("T02thread:01;", StopEvent(.interrupt, thread: "01")),
    ("T05thread:p1.3;swbreak:;", StopEvent(.breakpoint, thread: "p1.3")),
    ("T05watch:ffff000040200000;20:0102;", StopEvent(.watchpoint(0xffff_0000_4020_0000))),
    ("T0b", StopEvent(.signal(11))),
    ("W2a", StopEvent(.exited(42))),
    ("X09", StopEvent(.signal(9))),
  ])
  func `each form of stop reply is read`(payload: String, event: StopEvent) {
    #expect(StopEvent(stopReply: Array(payload.utf8)) == event)
  }

  @Test(arguments: ["", "S", "S0", "Szz", "S05x", "OK", "E01", "m0,1", "QC1"])
  func `other packets are not taken for stop replies`(payload: String) {
    #expect(StopEvent(stopReply: Array(payload.utf8)) == nil)
  }

  @Test(arguments: ["T05;;::;thread", "T05watch:xyz;", "T05\u{fffd}:;"])
  func `pairs that make no sense are skipped`(payload: String) {
    #expect(StopEvent(stopReply: Array(payload.utf8)) == StopEvent(.trap))
  }
}
