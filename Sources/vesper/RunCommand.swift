internal import ArgumentParser
internal import Glibc
internal import ShellTerminal
internal import TargetLink

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Boot the kernel in QEMU and open the shell on it.",
    discussion: """
      The machine ends with the shell. With --headless there is no shell: the ways in are printed, and the machine \
      runs until Ctrl-C. Arguments after `--` are passed to QEMU.
      """)

  @Option(
    name: [.customShort("m"), .customLong("memory")], help: "Memory of the machine, such as 512M or 2G.")
  var memory = "512M"

  @Flag(help: "Open no shell, but print how to attach.")
  var headless = false

  @Option(help: "The kernel to boot; by default vesper-kernel.elf beside this program.")
  var kernel: String?

  @OptionGroup var packetLog: PacketLogOption

  @Argument(parsing: .postTerminator, help: "More arguments for QEMU.")
  var qemuArguments: [String] = []

  func validate() throws {
    let digits = memory.last.map { "MG".contains($0) } == true ? memory.dropLast() : memory[...]
    guard let size = Int(digits), size > 0 else {
      throw ValidationError("`\(memory)` is no memory size; write 512M or 2G")
    }
  }

  func run() throws {
    SignalFlag.install()
    try exitingOnFailure { () throws(Failure) in
      let kernel = try KernelImage.path(kernel)
      var settings = QEMUSettings(kernel: kernel)
      settings.memory = memory
      settings.arguments = qemuArguments
      let machine = try launch(settings)
      defer { machine.end() }
      if headless { try runHeadless(machine) } else { try runShell(machine, KernelImage.contents(kernel)) }
    }
  }

  private func launch(_ settings: QEMUSettings) throws(Failure) -> QEMUMachine {
    do throws(QEMULaunchError) {
      return try QEMUMachine(settings)
    } catch {
      throw Failure(.unavailable, error.description)
    }
  }

  private func runHeadless(_ machine: QEMUMachine) throws(Failure) {
    do throws(TargetError) { try machine.start() } catch { throw Failure(.unavailable, error.description) }
    try printAnswer("\(machine.serial)\n\(machine.gdb)")
    while !machine.hasEnded {
      if SignalFlag.takeInterrupt() || SignalFlag.isTerminating { return }
      usleep(50_000)
    }
    throw Failure(.inputOutput, "QEMU has ended; it says: \(machine.messages)")
  }

  private func runShell(_ machine: QEMUMachine, _ kernelFile: [UInt8]) throws(Failure) {
    do throws(Failure) {
      let log = try packetLog.open()
      let target = try attach(machine, log)
      let console = ConsoleBuffer(of: target)
      try Connection(target: target, kernelFile: { kernelFile }, log: log).withSession {
        session throws(Failure) in
        try Shell(session: session, console: console).run()
      }
    } catch {
      let messages = machine.messages
      throw messages.isEmpty ? error : Failure(error.status, "\(error.message); QEMU says: \(messages)")
    }
  }

  /// Shows the console from its first line on.
  private func attach(_ machine: QEMUMachine, _ log: PacketLog?) throws(Failure) -> any Target {
    do throws(TargetError) {
      return try machine.startAndAttach(log: log) { text in
        print(ConsoleText.printable(text), terminator: "")
        fflush(nil)
      }
    } catch {
      throw Failure(.unavailable, error.description)
    }
  }
}
