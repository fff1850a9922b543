internal import ArgumentParser
internal import Commands
internal import Glibc
internal import ShellTerminal
internal import TargetLink

/// How a target is connected to.
struct ConnectionOptions: ParsableArguments {
  @Option(help: "How many seconds the target's first answer may take.")
  var timeout = 5

  @Option(help: "The kernel's ELF file, for symbols; by default the one its QEMU was started with.")
  var kernel: String?

  @Flag(
    help:
      "If the system is stopped in the middle of a kernel operation, run to the end of it before anything else."
  )
  var runToExit = false

  @OptionGroup var packetLog: PacketLogOption

  func validate() throws {
    guard (1...3600).contains(timeout) else {
      throw ValidationError("`\(timeout)` is no number of seconds from 1 to 3600")
    }
  }
}

/// A system that is attached to, and what is known of its kernel.
struct Connection {
  let target: any Target
  /// Reads the kernel's ELF file, if it is known.
  let kernelFile: () -> [UInt8]?

  private let log: PacketLog?
  private let runsToExit: Bool

  init(
    target: any Target, kernelFile: @escaping () -> [UInt8]?, log: PacketLog?, runsToExit: Bool = false
  ) {
    self.target = target
    self.kernelFile = kernelFile
    self.log = log
    self.runsToExit = runsToExit
    // Ctrl-C is for the target, not for the debugger. One that is to end itself waits no longer either.
    target.shouldInterrupt = { SignalFlag.takeInterrupt() || SignalFlag.isTerminating }
  }

  /// Attaches to the target that is named, else to the only one there is.
  static func open(_ text: String?, _ options: ConnectionOptions) throws(Failure) -> Connection {
    // A debugger that is killed by Ctrl-C, or by a reader of its output that ends, would leave the system stopped.
    SignalFlag.install()
    let specification = try TargetChoice.specification(text)
    let kernelFile = try kernelFile(options.kernel, specification)
    let log = try options.packetLog.open()
    do throws(TargetError) {
      let target = try specification.attach(timeout: .seconds(options.timeout), log: log)
      return Connection(
        target: target, kernelFile: kernelFile, log: log, runsToExit: options.runToExit)
    } catch {
      // What is in a file is wrong for ever; a system may be there tomorrow.
      var status = ExitStatus.unavailable
      if case .unusableFile = error { status = .notVesper }
      throw Failure(status, "\(specification): \(error)")
    }
  }

  /// Finds the kernel in the target, does `body`, and leaves the target as it was found.
  ///
  /// With `keepingStop`, a system that a command interrupted remains stopped.
  func withSession(
    keepingStop: Bool = false, _ body: (CommandSession) throws(Failure) -> Void
  ) throws(Failure) {
    try useSession(keepingStop: keepingStop, body)
    if let log, let failure = log.failure {
      throw Failure(.inputOutput, "the packet log \(log.path) is not complete: \(failure)")
    }
  }

  private func useSession(
    keepingStop: Bool, _ body: (CommandSession) throws(Failure) -> Void
  ) throws(Failure) {
    defer { target.detach(keepingStop: keepingStop) }
    let session: CommandSession
    do throws(CommandError) {
      session = try CommandSession(target: target, kernelFile: kernelFile)
      if try session.isAmidChange(), runsToExit || Self.wantsExit() { try session.runToExit() }
    } catch {
      throw Failure(error)
    }
    try body(session)
  }

  /// Asks, if somebody is there to answer; each answer says in what state it was made, whatever this one is.
  private static func wantsExit() -> Bool {
    guard isatty(STDIN_FILENO) != 0, isatty(STDERR_FILENO) != 0 else { return false }
    printPassing("the system is stopped in the middle of a kernel operation; run to the end of it? [y/n] ")
    return readLine()?.lowercased().hasPrefix("y") ?? false
  }

  private static func kernelFile(
    _ named: String?, _ specification: TargetSpecification
  ) throws(Failure) -> () -> [UInt8]? {
    if let named {
      let contents = try KernelImage.contents(named)
      return { contents }
    }
    return {
      let emulator = QEMUDiscovery.runningEmulators().first { $0.isReached(by: specification) }
      // Only symbols are missing without it.
      return emulator?.kernel.flatMap { path in try? KernelImage.contents(path) }
    }
  }
}
