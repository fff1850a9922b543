import Foundation

/// A program run to its end, or to a bound on its time after which it is killed.
struct Program {
  let status: Int32
  let output: String
  let errors: String

  /// - Parameters:
  ///   - arguments: the program, found in PATH if it has no slash, and its arguments.
  ///   - input: its standard input.
  ///   - bound: seconds after which it hangs for certain.
  /// - Throws: what keeps it from being started.
  @discardableResult
  init(_ arguments: [String], input: String = "", bound: TimeInterval = 120) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: BuiltFiles.root)
    let input = (text: input, pipe: Pipe())
    let output = Pipe()
    // A file, since two pipes cannot be read in turn without one of them filling up.
    let errorFile = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data().write(to: errorFile)
    defer { try? FileManager.default.removeItem(at: errorFile) }
    process.standardInput = input.pipe
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    // Signals are blocked in the threads that tests run on, and so in what they start: only SIGKILL ends it.
    let killer = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + bound, execute: killer)
    defer { killer.cancel() }
    input.pipe.fileHandleForWriting.write(Data(input.text.utf8))
    try input.pipe.fileHandleForWriting.close()
    self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
    errors = String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
  }
}
