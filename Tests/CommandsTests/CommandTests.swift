import Commands
import KernelImage
import Testing

@Suite struct CommandTests {
  @Test func `commands on a small system print what was recorded`() throws {
    let session = try CommandSession(target: SmallSystem().image.target)
    try RecordedSession("small-system").replay(in: session)
  }
}
