import Commands
import Foundation
import Testing

/// A text file of `(vesper) COMMAND` lines, each followed by exactly what the command prints.
struct RecordedSession {
  static let prompt = "(vesper) "
  /// Set to 1, files are written anew with what the commands print now.
  static let shouldRecord = ProcessInfo.processInfo.environment["VESPER_RECORD_SESSIONS"] == "1"

  let url: URL

  init(_ name: String, file: String = #filePath) {
    url = URL(fileURLWithPath: file).deletingLastPathComponent()
      .appendingPathComponent("Sessions/\(name).session")
  }

  /// Runs the file's commands in a session and compares, or records.
  func replay(in session: CommandSession) throws {
    let recorded = try String(contentsOf: url, encoding: .utf8)
    let commands = recorded.split(separator: "\n").filter { $0.hasPrefix(Self.prompt) }
      .map { String($0.dropFirst(Self.prompt.count)) }
    let actual = commands.map { Self.transcript(of: $0, in: session) }.joined(separator: "\n")
    if Self.shouldRecord {
      try actual.write(to: url, atomically: true, encoding: .utf8)
    } else {
      let expected = Self.split(recorded)
      for (index, entry) in Self.split(actual).enumerated() {
        #expect(entry == (index < expected.count ? expected[index] : ""), "\(url.lastPathComponent)")
      }
    }
    #expect(!commands.isEmpty)
  }

  private static func transcript(of line: String, in session: CommandSession) -> String {
    do throws(CommandError) {
      return prompt + line + "\n" + (try session.run(line: line)).rendered + "\n"
    } catch {
      return prompt + line + "\n" + "error (\(error.kind)): \(error.text)\n"
    }
  }

  /// The file in pieces, one a command.
  private static func split(_ text: String) -> [String] {
    var pieces: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix(prompt) { pieces.append("") }
      if !pieces.isEmpty { pieces[pieces.count - 1] += line + "\n" }
    }
    return pieces.map { String($0.drop { $0 == "\n" }.reversed().drop { $0 == "\n" }.reversed()) }
  }
}
