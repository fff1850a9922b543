import Foundation
import TargetLink
import Testing

/// The README shows what is so: its session is played on a running system, and its commands exist.
@Suite(.serialized) struct ReadmeTests {
  private func readme() throws -> [String] {
    try String(contentsOfFile: "\(BuiltFiles.root)/README.md", encoding: .utf8).components(separatedBy: "\n")
  }

  /// A session's commands, each with the first line that it answers.
  private func session() throws -> [(command: String, answer: String)] {
    let lines = try readme()
    let prompt = "    (vesper) "
    return lines.indices.filter { lines[$0].hasPrefix(prompt) }.map { index in
      (String(lines[index].dropFirst(prompt.count)), lines[index + 1].trimmingCharacters(in: .whitespaces))
    }
  }

  private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

  @Test func `every command of the session answers as shown`() throws {
    try RunningSystem.with { machine in
      let session = try session()
      #expect(session.count >= 8)
      for step in session where step.command != "quit" {
        let answer = try Program([BuiltFiles.vesper, "exec", "\(machine.serial)", step.command])
        #expect(answer.status == 0, "\(step.command): \(answer.errors)")
        let first = answer.output.components(separatedBy: "\n")[0]
        #expect(words(first) == words(step.answer), "\(step.command): \(answer.output)")
      }
    }
  }

  @Test func `the commands for scripts work`() throws {
    let machine = try QEMUMachine(QEMUSettings(kernel: BuiltFiles.kernel))
    defer { machine.end() }
    try machine.start()
    for line in try readme() where line.hasPrefix("    build/vesper ") {
      var command = line.components(separatedBy: "#")[0].trimmingCharacters(in: .whitespaces)
      command = command.replacingOccurrences(of: "TARGET", with: "\(machine.serial)")
      // These stay until they are ended, or need a terminal; the other tests run them.
      if command.hasSuffix("--headless") || command.hasSuffix("attach") { command += " --help" }
      let program = try Program(["sh", "-c", command])
      #expect(program.status == 0, "\(command): \(program.errors)")
      #expect(!program.output.isEmpty, "\(command)")
    }
  }

  @Test func `every make target that is named exists`() throws {
    let text = try readme().joined(separator: "\n")
    let targets = Set(text.matches(of: /make ([a-z]+)/).map { String($0.1) }).subtracting(["test"])
    #expect(targets.isSuperset(of: ["run", "lint", "bench", "kernel"]))
    for target in targets {
      let program = try Program(["make", "-n", target])
      #expect(program.status == 0, "\(target): \(program.errors)")
    }
  }

  @Test func `every page that is linked is there`() throws {
    let text = try readme().joined(separator: "\n")
    for link in text.matches(of: /\]\(([^)]+)\)/) {
      #expect(FileManager.default.fileExists(atPath: "\(BuiltFiles.root)/\(link.1)"), "\(link.1)")
    }
  }
}
