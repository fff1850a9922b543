internal import Glibc
package import SystemPackage

/// What machine to start.
package struct QEMUSettings: Sendable {
  package var program = "qemu-system-aarch64"
  package var machine = "virt"
  package var processor = "cortex-a72"
  /// In QEMU's spelling: `512M`, `2G`.
  package var memory = "512M"
  /// The ELF image to boot; `nil` for an empty machine.
  package var kernel: String?
  /// Further arguments.
  package var arguments: [String] = []

  package init(kernel: String? = nil) {
    self.kernel = kernel
  }
}

/// Why there is no machine.
package enum QEMULaunchError: Error, Equatable, CustomStringConvertible {
  case cannotStart(program: String, Errno)
  case noFolder(parent: String, Errno)
  /// QEMU ended before it was ready.
  case ended(status: Int32, messages: String)
  /// QEMU runs, but its sockets do not appear.
  case silent(messages: String)

  package var description: String {
    switch self {
    case .cannotStart(let program, let errno):
      "cannot start \(program): \(errno); install it (Debian: `apt install qemu-system-arm`)"
    case .noFolder(let parent, let errno):
      "cannot make a folder in \(parent): \(errno); set TMPDIR to a folder you may write to"
    case .ended(_, let messages):
      "QEMU ended before the system ran; it says: \(messages.isEmpty ? "nothing" : messages)"
    case .silent(let messages):
      "QEMU does not open its sockets; it says: \(messages.isEmpty ? "nothing" : messages)"
    }
  }
}

extension QEMUSettings {
  /// The command line of a machine whose sockets are in `folder`.
  func commandLine(folder: String) -> [String] {
    // A comma in a path is written twice, as everywhere in QEMU's lists.
    let path = folder.split(separator: ",", omittingEmptySubsequences: false).joined(separator: ",,")
    return [
      program, "-machine", machine, "-cpu", processor, "-m", memory, "-display", "none", "-nodefaults", "-S",
      "-chardev", "socket,id=vesper-serial,path=\(path)/serial.sock,server=on,wait=off",
      "-serial", "chardev:vesper-serial",
      "-gdb", "unix:\(path)/gdb.sock,server=on,wait=off",
      "-qmp", "unix:\(path)/qmp.sock,server=on,wait=off",
    ] + (kernel.map { ["-kernel", $0] } ?? []) + arguments
  }

  /// Starts it, with its messages going to a file in the folder; returns its process number.
  func spawn(folder: String) throws(QEMULaunchError) -> Int32 {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &files, STDOUT_FILENO, QEMUMachine.logPath(folder), O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A process group of its own: Ctrl-C at the shell must not end the machine. And no signal blocked, as
    // all are in the threads that tests run on: SIGTERM must end it.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)

    let arguments = commandLine(folder: folder).map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    var processID: pid_t = 0
    let status = posix_spawnp(&processID, program, &files, &attributes, arguments + [nil], environ)
    guard status == 0 else { throw .cannotStart(program: program, Errno(rawValue: status)) }
    return processID
  }
}
