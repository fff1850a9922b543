import GDBStub
import Testing

@Suite struct DocumentTests {
  private let machine = FakeMachine()
  private let bench: Bench

  init() {
    machine.threads = [3, 1]
    bench = Bench(machine)
    bench.play("> QStartNoAckMode\n<< +\n< OK")
  }

  /// The whole document, read in parts of `length` bytes, as gdb does.
  private func read(_ object: String, in length: Int = 0x400) -> String {
    var document = ""
    while true {
      let query = "qXfer:\(object):\(String(document.utf8.count, radix: 16)),\(String(length, radix: 16))"
      bench.receive(frame(Array(query.utf8)))
      let reply = describe(bench.takeLine()).first ?? ""
      document += reply.dropFirst(3).replacing("\\n", with: "\n")
      if !reply.hasPrefix("< m") { return document }
    }
  }

  @Test func `the list of tables names each and says what it is`() {
    #expect(
      read("osdata:read:") == """
        <?xml version="1.0"?>
        <osdata type="types">
        <item><column name="Type">squares</column><column name="Description">Numbers &amp; their squares</column>\
        <column name="Title">Squares</column></item>
        </osdata>

        """)
  }

  @Test func `what markup means is escaped in columns, and what XML cannot say is left out`() {
    #expect(
      read("osdata:read:squares") == """
        <?xml version="1.0"?>
        <osdata type="squares">
        <item><column name="Number">0</column><column name="Square">0x0</column>\
        <column name="Name">&lt;&quot;?&amp;&gt;</column></item>
        <item><column name="Number">1</column><column name="Square">0x1</column>\
        <column name="Name">&lt;&quot;?&amp;&gt;</column></item>
        </osdata>

        """)
  }

  @Test(arguments: [1, 7, 100, 0x400, 0xffff])
  func `a table is the same in parts of any size`(length: Int) {
    machine.rows = 40
    let whole = read("osdata:read:squares")
    #expect(whole.contains("<column name=\"Number\">39</column>") && whole.hasSuffix("</osdata>\n"))
    #expect(read("osdata:read:squares", in: length) == whole)
  }

  @Test func `threads and the memory map are documents`() {
    #expect(
      read("threads:read:") == """
        <?xml version="1.0"?>
        <threads>
        <thread id="3" core="0">domain 3</thread>
        <thread id="1" core="0">domain 1</thread>
        </threads>

        """)
    #expect(
      read("memory-map:read:").contains("<memory type=\"ram\" start=\"0x40200000\" length=\"0x10000\"/>"))
  }

  @Test func `a part that begins behind the end, or of no table, is refused`() {
    bench.play(
      """
      > qXfer:osdata:read:circles:0,100
      < E16
      > qXfer:osdata:read:squares:ffffffffffffffff,100
      < E16
      > qXfer:osdata:read:squares:0
      < E16
      > qXfer:threads:read::1000,10
      < E16
      > qXfer:threads:write::0,10
      <
      > qXfer:auxv:read::0,10
      <
      """)
  }
}
