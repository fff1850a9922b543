import Testing

@testable import ShellTerminal

struct CompletionTests {
  private func action(_ typed: String, _ candidates: [String], isRepeated: Bool = false) -> CompletionAction {
    CompletionAction(Completion(replaced: typed.utf8.count, candidates: candidates), isRepeated: isRepeated)
  }

  @Test func `the only candidate is inserted with the space that ends it`() {
    #expect(action("end", ["endpoints"]) == .insert("points "))
  }

  @Test func `what several candidates agree on is inserted`() {
    #expect(action("d", ["domains", "domain"]) == .insert("omain"))
  }

  @Test func `candidates that agree on nothing more are listed when TAB is pressed again`() {
    #expect(action("d", ["dump", "domain"]) == .nothing)
    #expect(action("d", ["dump", "domain"], isRepeated: true) == .list(["domain", "dump"]))
  }

  @Test func `nothing happens without candidates`() {
    #expect(action("q", [], isRepeated: true) == .nothing)
  }

  @Test func `a candidate named twice counts once`() {
    #expect(action("a", ["ab", "ab"]) == .insert("b "))
  }

  @Test func `words that share a letter's first byte only are not cut inside the letter`() {
    #expect(action("", ["é", "è"]) == .nothing)
  }

  @Test func `columns are read downwards and fit the width`() {
    #expect(columns(["a", "b", "c", "d", "e"], width: 9) == ["a  c  e", "b  d"])
    #expect(columns(["longer than the screen"], width: 3) == ["longer than the screen"])
    #expect(columns([], width: 80).isEmpty)
  }

  @Test func `a long list is cut, and says so`() {
    let lines = listing((0..<250).map { "word\($0)" }, width: 80)
    #expect(lines.last == "and 150 more")
    #expect(lines.count < 30)
  }
}
