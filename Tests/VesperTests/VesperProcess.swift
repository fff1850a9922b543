import Foundation

/// What the built `vesper` did with some arguments.
struct VesperProcess {
  let status: Int32
  let output: String
  let errors: String

  /// Runs it to its end, with `input` as its standard input.
  init(_ arguments: String..., input: String = "") throws {
    try self.init(Self.program, arguments, input: input)
  }

  /// Runs it with these arguments and redirections, as a POSIX shell does.
  init(shell line: String) throws {
    try self.init(URL(fileURLWithPath: "/bin/sh"), ["-c", "\(Self.program.path) \(line)"], input: "")
  }

  private init(_ program: URL, _ arguments: [String], input: String) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    let streams = (input: Pipe(), output: Pipe(), errors: Pipe())
    process.standardInput = streams.input
    process.standardOutput = streams.output
    process.standardError = streams.errors
    try process.run()
    streams.input.fileHandleForWriting.write(Data(input.utf8))
    try streams.input.fileHandleForWriting.close()
    output = String(decoding: streams.output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    errors = String(decoding: streams.errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }

  /// The executable is built beside the tests'.
  static var program: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("vesper")
  }
}
