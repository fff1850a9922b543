import Commands
import KernelImage
import Testing

@Suite struct CompletionTests {
  private func complete(_ line: String) throws -> Completion {
    let session = try CommandSession(target: SmallSystem().image.target)
    return session.complete(line, cursor: line.count)
  }

  @Test func `the first word completes to commands`() throws {
    #expect(try complete("end") == Completion(start: 0, candidates: ["endpoints"]))
    #expect(try complete("").candidates.contains("domains"))
  }

  @Test func `a domain's name completes from the running system`() throws {
    #expect(try complete("domain se") == Completion(start: 7, candidates: ["server"]))
    #expect(try complete("domain ").candidates == ["client", "root", "server"])
  }

  @Test func `slots complete by their names`() throws {
    #expect(try complete("cap server.cnode[").candidates == ["server.cnode[3]"])
    #expect(try complete("cap ser").candidates.contains("server:"))
  }

  @Test func `types of capabilities complete`() throws {
    #expect(try complete("caps time").candidates == ["time-slice"])
  }

  @Test func `options complete`() throws {
    #expect(try complete("irqs --").candidates == ["--all", "--json", "--stop"])
  }

  @Test func `only what is before the cursor counts`() throws {
    let session = try CommandSession(target: SmallSystem().image.target)
    #expect(session.complete("domain server", cursor: 9) == Completion(start: 7, candidates: ["server"]))
    #expect(session.complete("", cursor: -1).start == 0)
    #expect(session.complete("dom", cursor: 99).candidates == ["domain", "domains"])
  }

  @Test func `what cannot be completed has no candidates`() throws {
    #expect(try complete("nothing here").candidates.isEmpty)
    #expect(try complete("domain 'se").candidates == ["server"])
  }
}
