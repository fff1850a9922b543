import Commands
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1536 B"), (3980 << 10, "3980 KiB"),
    (346_144, "338.0 KiB"), (268_089_312, "255.6 MiB"), (1 << 40, "1 TiB"), (UInt64.max, "15.9 EiB"),
  ])
  func `a size has the unit that reads best`(_ bytes: UInt64, _ text: String) {
    #expect(Cell.size(bytes).text == text)
    #expect(Cell.size(bytes).json == .number(bytes))
  }

  @Test func `columns are as wide as their widest cell`() {
    var table = Table([.init("NAME", "name"), .init("N", "n", .right)])
    table.add([.text("a"), .number(1000)])
    table.add([.none, .number(1)])
    #expect(Answer("rows", table).text == "NAME     N\na     1000\n-        1")
  }

  @Test func `notes come after the answer and are no part of its JSON`() {
    var answer = Answer("done")
    answer.note("careful")
    #expect(answer.text == "done\n\nnote: careful")
    #expect(answer.json.text == "{\n  \"message\": \"done\"\n}")
  }
}
