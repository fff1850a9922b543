import Foundation

/// A program on a terminal of its own, which it controls: Ctrl-C is SIGINT there unless the program reads keys.
final class Terminal {
  private var bytes = Data()
  private let main: Int32
  private let processID: pid_t
  private var hasEnded = false
  /// Up to where ``waits(for:)`` has found what it waited for.
  private var seen = 0

  struct Failure: Error {
    var what: String
  }

  /// Starts a program, given by its path, with these variables alone in its environment.
  init(_ arguments: [String], environment: [String]) throws {
    var size = winsize(ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0)
    var ends: (main: Int32, terminal: Int32) = (0, 0)
    var name = [CChar](repeating: 0, count: 128)
    guard openpty(&ends.main, &ends.terminal, nil, nil, &size) == 0,
      ttyname_r(ends.terminal, &name, name.count) == 0
    else { throw Failure(what: "no terminal: \(errno)") }
    main = ends.main
    _ = fcntl(main, F_SETFD, FD_CLOEXEC)
    defer { close(ends.terminal) }
    processID = try Self.spawn(arguments, environment, on: name)
  }

  deinit {
    if !hasEnded {
      kill(processID, SIGTERM)
      let bound = ContinuousClock.now + .seconds(10)
      while waitpid(processID, nil, WNOHANG) == 0 {
        if ContinuousClock.now > bound { kill(processID, SIGKILL) }
        usleep(10_000)
      }
    }
    close(main)
  }

  /// All that was written to the screen.
  var screen: String { String(decoding: bytes, as: UTF8.self) }

  func type(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { write(main, $0.baseAddress, $0.count) }
  }

  /// What the system does to the program when its terminal goes away.
  func hangUp() {
    kill(processID, SIGHUP)
  }

  /// Reads until `expected` is on the screen, after what was waited for before; false if it hangs.
  func waits(for expected: String, bound: Duration = .seconds(120)) -> Bool {
    let end = ContinuousClock.now + bound
    while true {
      if let range = bytes.range(of: Data(expected.utf8), in: seen..<bytes.count) {
        seen = range.upperBound
        return true
      }
      if ContinuousClock.now > end || !readMore() { return false }
    }
  }

  /// Reads to the end of what the program writes, and returns its exit status; `nil` if it hangs or a signal ended it.
  func waitForExit(bound: Duration = .seconds(120)) -> Int32? {
    let end = ContinuousClock.now + bound
    while readMore() { if ContinuousClock.now > end { return nil } }
    var status: Int32 = 0
    guard waitpid(processID, &status, 0) == processID else { return nil }
    hasEnded = true
    return status & 0x7f == 0 ? status >> 8 & 0xff : nil
  }

  /// False at the end: nobody has the terminal open any more.
  private func readMore() -> Bool {
    var entry = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
    if poll(&entry, 1, 1000) == 0 { return true }
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(main, &chunk, chunk.count)
    guard count > 0 else { return false }
    bytes += chunk[..<count]
    return true
  }

  private static func spawn(_ arguments: [String], _ environment: [String], on path: [CChar]) throws -> pid_t
  {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    // The first terminal that the leader of a session opens becomes the one it is controlled by.
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, path, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&files, STDIN_FILENO, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&files, STDIN_FILENO, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // glibc's value of POSIX_SPAWN_SETSID, which its module for Swift leaves out.
    let newSession: Int32 = 0x80
    posix_spawnattr_setflags(&attributes, Int16(newSession | POSIX_SPAWN_SETSIGMASK))
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    let words = arguments.map { strdup($0) }
    let variables = environment.map { strdup($0) }
    defer { for text in words + variables { free(text) } }
    var processID: pid_t = 0
    let status = posix_spawn(
      &processID, arguments[0], &files, &attributes, words + [nil], variables + [nil])
    guard status == 0 else { throw Failure(what: "cannot start \(arguments[0]): \(status)") }
    return processID
  }
}
