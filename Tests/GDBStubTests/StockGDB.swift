import Glibc
import Testing

/// A run of stock `gdb-multiarch` against a ``Bench``, over a Unix socket.
///
/// Both ends live in this process's thread: the test serves the socket until gdb closes it.
struct StockGDB {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static let path = "/usr/bin/gdb-multiarch"
  static var isInstalled: Bool { access(path, X_OK) == 0 }

  /// How long gdb may be silent before the test gives up, in milliseconds.
  private static let patience: Int32 = 60_000

  /// Lets gdb execute `commands` after it has attached, and returns what it printed.
  static func run(_ commands: [String], on bench: Bench) throws -> String {
    let directory = try makeDirectory()
    defer {
      unlink("\(directory)/socket")
      unlink("\(directory)/output")
      rmdir(directory)
    }
    let listener = try listen(at: "\(directory)/socket")
    defer { close(listener) }
    let process = try spawn(
      ["set debuginfod enabled off", "target remote \(directory)/socket"] + commands,
      output: "\(directory)/output")
    do {
      try serve(listener, bench)
    } catch {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
      throw error
    }
    waitpid(process, nil, 0)
    return try contents("\(directory)/output")
  }

  private static func serve(_ listener: Int32, _ bench: Bench) throws {
    try waitForBytes(on: listener)
    let client = accept(listener, nil, nil)
    guard client >= 0 else { throw Failure(description: "accept failed") }
    defer { close(client) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      try waitForBytes(on: client)
      let count = read(client, &bytes, bytes.count)
      guard count > 0 else { return }
      bench.receive(Array(bytes[..<count]))
      let reply = bench.takeLine()
      // gdb may have closed its end after `k` or `D`.
      if send(client, reply, reply.count, Int32(MSG_NOSIGNAL)) < 0 { return }
    }
  }

  private static func waitForBytes(on descriptor: Int32) throws {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, patience) == 1 else { throw Failure(description: "gdb says nothing") }
  }

  private static func makeDirectory() throws -> String {
    var template = Array("/tmp/vesper-gdb-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(description: "mkdtemp failed") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func listen(at path: String) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, Glibc.listen(descriptor, 1) == 0 else { throw Failure(description: "bind failed") }
    return descriptor
  }

  private static func spawn(_ commands: [String], output: String) throws -> pid_t {
    let words = [path, "-nx", "-batch"] + commands.flatMap { ["-ex", $0] }
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var process: pid_t = 0
    guard posix_spawn(&process, path, &actions, nil, &arguments, environ) == 0 else {
      throw Failure(description: "gdb cannot be started")
    }
    return process
  }

  private static func contents(_ path: String) throws -> String {
    guard let file = fopen(path, "r") else { throw Failure(description: "gdb left no output") }
    defer { fclose(file) }
    var text: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&bytes, 1, bytes.count, file), count > 0 { text += bytes[..<count] }
    return String(decoding: text, as: UTF8.self)
  }
}
