import Foundation
import TargetLink
import Testing

/// gdb-multiarch that is told one command after the other, as at a terminal: in non-stop mode what it says comes when
/// it comes, and not with a command's end.
final class InteractiveGDB {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  /// All that it has said.
  private(set) var text = ""

  /// Starts it, and has it do `settings` before it connects.
  init(_ machine: QEMUMachine, _ settings: [String]) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gdb-multiarch", "-nx", "-q", BuiltFiles.kernel]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    for setting in ["pagination off", "confirm off", "width 0"] { try say("set \(setting)") }
    for setting in settings { try say(setting) }
    try expect("target remote \(machine.serialPath)", "Remote debugging using")
  }

  deinit { end() }

  /// Kills it, which tells the target nothing.
  func end() {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  func say(_ command: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
  }

  /// Says something and waits for what it must lead to; returns what was said from then on.
  @discardableResult
  func expect(
    _ command: String, _ answer: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let start = text.endIndex
    try say(command)
    let deadline = ContinuousClock.now + .seconds(60)
    let pattern = try Regex(answer)
    while true {
      if text[start...].contains(pattern), text.hasSuffix("(gdb) ") || text.hasSuffix("\n") { break }
      let came = ContinuousClock.now < deadline ? output.fileHandleForReading.available(within: 1000) : nil
      guard let came else {
        Issue.record("`\(command)` did not lead to `\(answer)`: \(text)", sourceLocation: sourceLocation)
        throw NothingMore()
      }
      text += String(decoding: came, as: UTF8.self)
    }
    return String(text[start...])
  }

  struct NothingMore: Error {}
}

extension FileHandle {
  /// What can be read in so many milliseconds, perhaps nothing; nil at the end.
  fileprivate func available(within milliseconds: Int32) -> Data? {
    var entry = pollfd(fd: fileDescriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, milliseconds) > 0 else { return Data() }
    let data = availableData
    return data.isEmpty ? nil : data
  }
}
