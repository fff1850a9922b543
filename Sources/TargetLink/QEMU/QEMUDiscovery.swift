internal import Glibc

/// A QEMU system emulator that runs on this machine.
package struct RunningEmulator: Equatable, Sendable {
  package var processID: Int32
  /// Such as `qemu-system-aarch64`.
  package var program: String
  package var name: String?
  package var machine: String?
  package var processor: String?
  /// As its command line says it: `512M`, or a number of mebibytes.
  package var memory: String?
  package var kernel: String?
  /// How to attach, the kernel's own stub first.
  package var waysIn: [TargetSpecification]
  /// Where its monitors listen.
  package var monitors: [ChannelAddress]
  /// How long it runs; `nil` if that is not known.
  package var uptime: Duration?
  /// Whether its memory is made of several backends, as with `-numa`.
  var hasSeveralMemories = false
}

extension RunningEmulator {
  /// Size of the guest's memory in bytes; `nil` if the command line does not tell.
  package var memorySize: UInt64? {
    if let memory { return QEMUSize.bytes(memory) }
    // MachineClass.default_ram_size of QEMU 7.2's hw/arm/virt.c.
    return machine == "virt" || machine?.hasPrefix("virt-") == true ? 128 << 20 : nil
  }

  /// Physical address of the guest's memory; `nil` for a machine of which that is not known.
  ///
  /// Source: the memory maps in QEMU 7.2's hw/arm.
  var memoryBase: UInt64? {
    guard let machine else { return nil }
    if machine == "virt" || machine.hasPrefix("virt-") { return 0x4000_0000 }
    if machine.hasPrefix("raspi") { return 0 }
    return machine == "sbsa-ref" ? 0x100_0000_0000 : nil
  }

  /// Whether a TARGET is one of its ways in.
  package func isReached(by specification: TargetSpecification) -> Bool {
    switch specification {
    case .qemu(let name), .monitor(let name): name == String(processID) || name == self.name
    case .gdb, .serial, .core: waysIn.contains(specification)
    }
  }
}

/// Finds the emulators of this machine by what `/proc` says of its processes.
package enum QEMUDiscovery {
  /// In bytes: what Linux lets a command line have.
  private static let longestCommandLine = 2 << 20

  /// All QEMUs that run now, by process number. A process that ends meanwhile is not among them.
  package static func runningEmulators() -> [RunningEmulator] {
    namesInFolder("/proc").compactMap { Int32($0) }.sorted().compactMap(emulator(processID:))
  }

  /// The QEMU with this process number, else the only one with this `-name`.
  package static func emulator(named name: String) throws(TargetError) -> RunningEmulator {
    if let processID = Int32(name), let found = emulator(processID: processID) { return found }
    let found = runningEmulators().filter { $0.name == name }
    guard let first = found.first, found.count == 1 else {
      throw .noSuchEmulator(name, list: found.map(\.processID))
    }
    return first
  }

  private static func emulator(processID: Int32) -> RunningEmulator? {
    let folder = "/proc/\(processID)"
    guard let bytes = readFile("\(folder)/cmdline", atMost: longestCommandLine), !bytes.isEmpty else {
      return nil
    }
    let arguments = bytes.split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    // `-name X,process=Y` changes the command's name, not the file. Of another user's process only the
    // command line can be read.
    let file = readLink("\(folder)/exe") ?? arguments[0]
    guard let program = programName(file), program.hasPrefix("qemu-system-") else { return nil }
    let line = QEMUCommandLine(
      // The last argument is ended by a zero too.
      arguments: arguments.dropFirst().dropLast(),
      workingFolder: readLink("\(folder)/cwd") ?? "/",
      terminals: pseudoTerminals(folder))
    var found = RunningEmulator(processID: processID, program: program, commandLine: line)
    if found.waysIn.allSatisfy(\.isNoStubOfEmulator), !line.monitors.isEmpty {
      found.waysIn.append(.monitor(String(processID)))
    }
    if ProcessMapping.list(ofProcess: processID) != nil { found.waysIn.append(.qemu(String(processID))) }
    found.uptime = uptime(folder)
    return found
  }

  /// The time since a process was started (proc(5): field 22 of `stat`, in clock ticks since the machine's start).
  private static func uptime(_ folder: String) -> Duration? {
    guard let stat = readFile("\(folder)/stat", atMost: 4096), let now = readFile("/proc/uptime", atMost: 64),
      // The name before may hold anything, also blanks and parentheses.
      let end = stat.lastIndex(of: UInt8(ascii: ")")),
      let seconds = Double(String(decoding: now.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self))
    else { return nil }
    let fields = stat[(end + 1)...].split(separator: UInt8(ascii: " "))
    let ticksPerSecond = sysconf(Int32(_SC_CLK_TCK))
    guard fields.count > 19, let start = Double(String(decoding: fields[19], as: UTF8.self)),
      ticksPerSecond > 0
    else { return nil }
    return .seconds(max(0, seconds - start / Double(ticksPerSecond)))
  }

  private static func programName(_ file: String) -> String? {
    // A file that was replaced, as by an upgrade.
    let suffix = " (deleted)"
    let path = file.hasSuffix(suffix) ? file.dropLast(suffix.count) : file[...]
    return path.split(separator: "/").last.map(String.init)
  }

  /// The terminals whose master side is open in the process.
  private static func pseudoTerminals(_ folder: String) -> [String] {
    namesInFolder("\(folder)/fd").compactMap { Int32($0) }.sorted().compactMap { number in
      guard let target = readLink("\(folder)/fd/\(number)"), target.hasSuffix("/ptmx"),
        let info = readFile("\(folder)/fdinfo/\(number)", atMost: 4096)
      else { return nil }
      let fields = String(decoding: info, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      guard let label = fields.firstIndex(of: "tty-index:"), label + 1 < fields.endIndex else { return nil }
      return "/dev/pts/\(fields[label + 1])"
    }
  }
}

extension RunningEmulator {
  init(processID: Int32, program: String, commandLine line: QEMUCommandLine) {
    self.init(
      processID: processID, program: program, name: line.name, machine: line.machine,
      processor: line.processor, memory: line.memory, kernel: line.kernel,
      waysIn: (line.serial.map { [.serial($0)] } ?? []) + line.gdb.map { .gdb($0) },
      monitors: line.monitors, hasSeveralMemories: line.hasSeveralMemories)
  }
}
