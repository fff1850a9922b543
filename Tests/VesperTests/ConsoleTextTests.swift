import Testing

@testable import vesper

struct ConsoleTextTests {
  @Test func `lines and tabs are shown, and nothing that controls a terminal`() {
    #expect(ConsoleText.printable(Array("a\tb\r\n\u{1b}[31mé\u{9b}\u{0}\u{7f}\n".utf8)) == "a\tb\n[31mé\n")
  }

  @Test func `bytes that are no text do no harm`() {
    #expect(ConsoleText.printable([0xff, 0x41]) == "\u{fffd}A")
  }
}
