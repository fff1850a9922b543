internal import Glibc
internal import SystemPackage

/// A QEMU that this process started, with a private folder of sockets to reach it by.
///
/// It is started with its processor stopped, so that whoever wants the first line of its console can connect
/// before ``start()``. It ends, and the folder is removed, with this object at the latest.
package final class QEMUMachine {
  package let processID: Int32
  /// Readable by nobody else: who reaches these sockets owns the machine.
  private let folder: TemporaryFolder
  private var isOver = false
  private var exitStatus: Int32?

  private static let longestMessage = 16 * 1024

  /// The kernel's own stub and console.
  package var serial: TargetSpecification { .serial(.unixSocket(serialPath)) }
  /// QEMU's stub.
  package var gdb: TargetSpecification { .gdb(.unixSocket(gdbPath)) }
  package var serialPath: String { "\(folder.path)/serial.sock" }
  package var gdbPath: String { "\(folder.path)/gdb.sock" }
  package var monitorPath: String { "\(folder.path)/qmp.sock" }

  /// Starts QEMU, and waits until its sockets can be connected to.
  package init(_ settings: QEMUSettings, timeout: Duration = .seconds(20)) throws(QEMULaunchError) {
    do throws(Errno) {
      folder = try TemporaryFolder()
    } catch {
      throw .noFolder(parent: TemporaryFolder.parent, error)
    }
    do {
      processID = try settings.spawn(folder: folder.path)
    } catch {
      folder.remove()
      throw error
    }
    do {
      try waitUntilReady(until: .after(timeout))
    } catch {
      end()
      throw error
    }
  }

  deinit {
    end()
  }

  /// Lets the processor run. Further calls do nothing.
  package func start() throws(TargetError) {
    try sendMonitorCommand("cont")
  }

  /// Lets the processor run, and attaches to the kernel's own stub, losing nothing of the console before it.
  package func startAndAttach(
    timeout: Duration = .seconds(20), log: PacketLog? = nil, onConsoleText: @escaping ([UInt8]) -> Void
  ) throws(TargetError) -> any Target {
    let address = ChannelAddress.unixSocket(serialPath)
    let channel = try address.open()
    try start()
    return try SerialStubTarget(
      channel: channel, wayIn: serial.description, window: SerialStubTarget.socketWindow, timeout: timeout,
      log: log, onConsoleText: onConsoleText)
  }

  /// Whether the processor runs, as QEMU itself says.
  package var isRunning: Bool {
    get throws(TargetError) { try sendMonitorCommand("query-status").contains("\"running\": true") }
  }

  /// Has a command without arguments done by QEMU's monitor (QMP), and returns its answer in JSON.
  @discardableResult
  package func sendMonitorCommand(_ command: String) throws(TargetError) -> String {
    let monitor = try QEMUMonitor(address: .unixSocket(monitorPath))
    return try monitor.execute(command)
  }

  /// Whether QEMU has ended, of its own accord or not.
  package var hasEnded: Bool {
    reap(WNOHANG)
    return exitStatus != nil
  }

  /// What QEMU itself had to say: the end of its standard error.
  package var messages: String {
    String(decoding: readFile(Self.logPath(folder.path), atMost: Self.longestMessage) ?? [], as: UTF8.self)
  }

  /// Ends QEMU and removes the folder. Further calls do nothing.
  package func end() {
    guard !isOver else { return }
    isOver = true
    if !hasEnded {
      kill(processID, SIGTERM)
      let deadline = Deadline.after(.seconds(2))
      while !hasEnded, !deadline.hasPassed { usleep(5_000) }
    }
    if !hasEnded {
      kill(processID, SIGKILL)
      reap(0)
    }
    folder.remove()
  }

  static func logPath(_ folder: String) -> String { "\(folder)/qemu.log" }

  /// Waits until QEMU's monitor carries out a command, which it does from its main loop, when all is made.
  ///
  /// That the sockets' files exist says less: between its bind and its listen a socket refuses.
  private func waitUntilReady(until deadline: Deadline) throws(QEMULaunchError) {
    while (try? QEMUMonitor(address: .unixSocket(monitorPath))) == nil {
      if hasEnded { throw .ended(status: exitStatus ?? 0, messages: messages) }
      if deadline.hasPassed { throw .silent(messages: messages) }
      usleep(5_000)
    }
  }

  private func reap(_ flags: Int32) {
    guard exitStatus == nil else { return }
    var status: Int32 = 0
    var result: Int32
    repeat { result = waitpid(processID, &status, flags) } while result < 0 && errno == EINTR
    // ECHILD: somebody else has waited for it.
    if result == processID || result < 0 { exitStatus = status }
  }
}
