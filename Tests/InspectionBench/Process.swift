internal import Glibc

/// A program that ran to its end.
struct Process {
  let seconds: Double
  /// What it printed and complained of, unless that went to a file.
  let output: String

  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs `arguments`, with `environment` beside this process's own. Its standard output goes to `outputPath`, by
  /// default into ``output``.
  init(_ arguments: [String], environment: [String: String] = [:], outputPath: String? = nil) throws {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failed(description: "no pipe") }
    if let outputPath {
      posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    } else {
      posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO)
      posix_spawn_file_actions_adddup2(&files, ends[1], STDERR_FILENO)
    }
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addclose(&files, ends[0])
    posix_spawn_file_actions_addclose(&files, ends[1])
    for (name, value) in environment { setenv(name, value, 1) }
    let words = arguments.map { strdup($0) }
    defer { for word in words { free(word) } }
    var processID: pid_t = 0
    let start = ContinuousClock.now
    let status = posix_spawnp(&processID, arguments[0], &files, nil, words + [nil], environ)
    close(ends[1])
    defer { close(ends[0]) }
    guard status == 0 else { throw Failed(description: "cannot start \(arguments[0])") }
    output = Self.readAll(ends[0])
    var exitStatus: Int32 = 0
    while waitpid(processID, &exitStatus, 0) < 0, errno == EINTR {}
    seconds = (ContinuousClock.now - start).seconds
    guard exitStatus == 0 else {
      throw Failed(description: "\(arguments.joined(separator: " ")): status \(exitStatus)\n\(output)")
    }
  }

  private static func readAll(_ descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 { bytes += buffer[..<count] } else if count == 0 || errno != EINTR { break }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
