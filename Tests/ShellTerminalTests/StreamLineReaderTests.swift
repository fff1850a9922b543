import Glibc
import ShellTerminal
import Testing

struct StreamLineReaderTests {
  /// What a reader makes of a file with these contents, up to its end.
  private func events(_ contents: String) throws -> [LineEvent] {
    let file = try #require(tmpfile())
    defer { fclose(file) }
    fputs(contents, file)
    rewind(file)
    let reader = StreamLineReader(descriptor: fileno(file))
    var events: [LineEvent] = []
    repeat { events.append(reader.nextLine(prompt: "> ")) } while events.last != .endOfInput
    return events
  }

  @Test func `lines come without their ends, and the last needs none`() throws {
    #expect(try events("domains\n\ncaps") == [.line("domains"), .line(""), .line("caps"), .endOfInput])
  }

  @Test func `empty input ends at once`() throws {
    #expect(try events("") == [.endOfInput])
  }

  @Test func `a line longer than any command is skipped, and the next is read`() throws {
    let long = String(repeating: "x", count: 3 * StreamLineReader.longestLine)
    #expect(try events(long + "\nquit\n") == [.tooLong, .line("quit"), .endOfInput])
  }

  @Test func `while nothing comes something else is done, until that ends it`() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    var idleCount = 0
    let reader = StreamLineReader(descriptor: ends[0]) {
      idleCount += 1
      return idleCount == 2 ? .end : .nothing
    }
    #expect(reader.nextLine(prompt: "> ") == .endOfInput)
    #expect(idleCount == 2)
  }
}
