internal import Glibc
internal import Inspection
internal import TargetLink

/// How long a system of many capabilities takes to be read: by each way in, by its bare carrier, by other debuggers.
///
/// Each time is the shortest of some attempts, which is what disturbs the ratios least on a machine that does other
/// things as well.
struct Measurements {
  let programs: Programs
  private let machine: QEMUMachine
  private let folder: TemporaryFolder
  var report = Report()

  /// What is measured, and with what.
  struct Programs {
    var crowd, kernel, flood, vesper, scripts: String
    /// A Python that can import drgn, or why there is none.
    var drgn: String
    var drgnMissing: String
  }

  struct Silent: Error, CustomStringConvertible {
    let description = "the guest did not make its capabilities in a minute"
  }

  init(_ programs: Programs) throws {
    self.programs = programs
    folder = try TemporaryFolder()
    machine = try QEMUMachine(QEMUSettings(kernel: programs.crowd))
    try Self.waitForCrowd(machine)
  }

  func end() {
    machine.end()
    folder.remove()
  }

  private static func waitForCrowd(_ machine: QEMUMachine) throws {
    let channel = try ByteChannel.connect(unixSocket: machine.serialPath)
    defer { channel.close() }
    try machine.start()
    let deadline = Deadline.after(.seconds(60))
    var text = ""
    while !text.contains("capabilities") {
      if deadline.hasPassed { throw Silent() }
      text += String(decoding: try channel.receive(until: deadline, during: "waiting"), as: UTF8.self)
    }
  }

  mutating func run() throws {
    let target = try QEMUMemoryTarget.attach(to: String(machine.processID))
    let recording = RecordingTarget(target)
    let layouts = try KernelLayouts(DescriptorLocator.locate(in: recording))
    target.directMapOffset = layouts.constants.directMapOffset
    let first = recording.waves.count
    let snapshot = try Snapshot.take(of: recording, layouts: layouts, includingTables: true)
    let waves = Array(recording.waves[first...])
    try write(Facts(layouts, snapshot).json, to: layoutPath)
    try memoryRows(target, waves)
    try stubRows(waves)
    try serialRows(layouts)
    try firstAnswerRows()
  }

  private mutating func memoryRows(_ target: QEMUMemoryTarget, _ waves: [[MemoryRange]]) throws {
    let ranges = waves.flatMap(\.self)
    let size = ranges.reduce(0) { $0 + $1.count }
    report.begin("qemu: \(size) bytes in \(ranges.count) pieces, \(waves.count) waves")
    var raw = RawCopy(processID: machine.processID, target.hostRanges(of: ranges) ?? [])
    var (copy, reading) = (Double.infinity, Double.infinity)
    for _ in 0..<200 {
      copy = min(copy, try fastest(1) { try raw.read() })
      reading = min(reading, try fastest(1) { for wave in waves { _ = try target.readPhysical(wave) } })
    }
    report.add("copying these bytes: process_vm_readv(2)", copy)
    report.add("vesper reads them", reading, of: copy, .atMost(2))
    let dump = try dump("qemu:\(machine.processID)", attempts: 7)
    report.add("vesper dump, the whole program: all tables, names, JSON", dump, of: copy)
    try drgnRows(dump: dump)
  }

  private mutating func drgnRows(dump: Double) throws {
    guard programs.drgnMissing.isEmpty else {
      return report.leaveOut("drgn", because: programs.drgnMissing)
    }
    let environment = scriptEnvironment.merging(["QMP": machine.monitorPath]) { $1 }
    let command = [programs.drgn, "\(programs.scripts)/drgn_walk.py"]
    for (how, name) in [("at-once", "whole CNodes"), ("one-by-one", "slot by slot")] {
      let script = try Script(command, environment, how: how, limit: .max, attempts: 3)
      try compare(dump: "qemu:\(machine.processID)")
      report.add("drgn, \(name): the walk alone", script.walk, of: dump)
      report.add(
        "drgn, \(name): the whole program, as a multiple of the dump", script.whole, of: dump, .atLeast(1))
    }
  }

  private mutating func stubRows(_ waves: [[MemoryRange]]) throws {
    report.begin("gdb: the same through QEMU's stub")
    var (ceiling, reading) = (Double.infinity, Double.infinity)
    // In turn, since the machine is slower at some moments; the stub takes one client at a time.
    for _ in 0..<5 {
      let raw = try RawPackets(machine.gdbPath, waves.flatMap(\.self))
      ceiling = min(ceiling, try fastest(4) { try raw.read() })
      try raw.leave()
      let target = try machine.gdb.attach()
      reading = min(reading, try fastest(4) { for wave in waves { _ = try target.readPhysical(wave) } })
      target.detach()
    }
    report.add("pipelined packets alone", ceiling)
    report.add("vesper reads them", reading, of: ceiling, .atMost(1.3))
    try gdbRows(ceiling: ceiling)
  }

  private mutating func gdbRows(ceiling: Double) throws {
    let command = [
      "gdb-multiarch", "-nx", "-batch", "-ex", "set architecture aarch64", "-ex",
      "target remote \(machine.gdbPath)", "-x", "\(programs.scripts)/gdb_walk.py", "-ex", "detach",
    ]
    let before = try dump(machine.gdb.description, attempts: 4)
    let whole = try Script(command, scriptEnvironment, how: "at-once", limit: .max, attempts: 3)
    try compare(dump: machine.gdb.description)
    let share = try Script(
      command, scriptEnvironment, how: "one-by-one", limit: whole.slots / 10, attempts: 2)
    // The machine may be slower at one of the two moments.
    let dump = min(before, try dump(machine.gdb.description, attempts: 4))
    report.add("vesper dump, the whole program", dump, of: ceiling)
    report.add("gdb script, whole CNodes, as a multiple of the dump", whole.whole, of: dump, .atLeast(5))
    let scaled = share.whole - share.walk + share.walk * Double(whole.slots) / Double(share.slots)
    report.add(
      "gdb script, slot by slot (\(share.slots) of \(whole.slots) slots, scaled)", scaled, of: dump,
      .atLeast(50))
  }

  private mutating func serialRows(_ layouts: KernelLayouts) throws {
    var lineRate = try Line.rate(flood: programs.flood)
    var (reading, count) = (Double.infinity, 0)
    // In turn: the line's rate changes within a minute by as much as what is measured.
    for _ in 0..<3 {
      let attempt = try readOverLine(layouts)
      (reading, count) = (min(reading, attempt.seconds), attempt.count)
      lineRate = max(lineRate, try Line.rate(flood: programs.flood))
    }
    let dump = try dump(machine.serial.description, attempts: 1)
    report.begin(
      "serial: through the kernel's own stub; the line carries \(Int(lineRate / 1024)) KiB a second")
    let carried = Double(count) / lineRate
    report.add("what the line takes for the \(count) bytes that came", carried)
    report.add("vesper reads them", reading, of: carried, .atMost(1.3))
    report.add("vesper dump, the whole program", dump, of: carried)
  }

  /// How long a snapshot takes, and how many bytes come for it.
  private func readOverLine(_ layouts: KernelLayouts) throws -> (seconds: Double, count: Int) {
    let start = ContinuousClock.now
    guard let target = try machine.serial.attach() as? SerialStubTarget else { return (.infinity, 0) }
    defer { target.detach() }
    target.directMapOffset = layouts.constants.directMapOffset
    _ = try Snapshot.take(of: target, layouts: layouts, includingTables: true)
    return ((ContinuousClock.now - start).seconds, target.receivedCount)
  }

  /// Of a system as systems usually are.
  private mutating func firstAnswerRows() throws {
    report.begin(
      "attach to first answer: vesper exec TARGET domains, the whole program, on the system of `make run`")
    let usual = try QEMUMachine(QEMUSettings(kernel: programs.kernel))
    defer { usual.end() }
    try usual.startAndAttach(onConsoleText: { _ in }).detach()
    usleep(500_000)
    for target in ["qemu:\(usual.processID)", usual.gdb.description, usual.serial.description] {
      let seconds = try fastest(20) {
        _ = try Process([programs.vesper, "exec", target, "domains"], outputPath: "/dev/null")
      }
      report.add(
        target.hasPrefix("qemu:") ? "qemu:" : String(target.prefix { $0 != ":" }) + ":", seconds, .under(0.05)
      )
    }
  }
}

/// Parts.
extension Measurements {
  private var layoutPath: String { "\(folder.path)/layout.json" }

  private var scriptEnvironment: [String: String] {
    ["LAYOUT": layoutPath, "OUT": "\(folder.path)/out", "PYTHONDONTWRITEBYTECODE": "1"]
  }

  private func dump(_ target: String, attempts: Int) throws -> Double {
    try fastest(attempts) {
      _ = try Process([programs.vesper, "dump", target], outputPath: "\(folder.path)/out")
    }
  }

  /// The script does the same: what it wrote is in the dump, byte for byte.
  private func compare(dump target: String) throws {
    let script = try Process(["cat", "\(folder.path)/out"]).output
    let whole = try Process([programs.vesper, "dump", target]).output
    guard let rows = whole.utf8.firstRange(of: "\n  \"capabilities\": ".utf8),
      whole.utf8[rows.upperBound...].starts(with: script.utf8)
    else {
      throw Process.Failed(description: "the script did not write the capabilities as \(target) has them")
    }
  }

  private func fastest(_ attempts: Int, _ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<attempts {
      let start = ContinuousClock.now
      try body()
      best = min(best, (ContinuousClock.now - start).seconds)
    }
    return best
  }

  private func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw Process.Failed(description: "cannot write \(path)") }
    fputs(text, file)
    fclose(file)
  }
}

/// Another debugger's script: the fastest of some runs.
struct Script {
  private(set) var whole = Double.infinity
  /// Without the debugger's start.
  private(set) var walk = Double.infinity
  private(set) var slots = 0

  init(
    _ command: [String], _ environment: [String: String], how: String, limit: Int, attempts: Int
  ) throws {
    for _ in 0..<attempts {
      let process = try Process(
        command, environment: environment.merging(["HOW": how, "LIMIT": String(limit)]) { $1 })
      guard let line = process.output.split(separator: "\n").first(where: { $0.hasPrefix("walk ") }),
        let seconds = Double(line.split(separator: " ")[1]), let count = Int(line.split(separator: " ")[2])
      else { throw Process.Failed(description: "\(command[0]) measured nothing: \(process.output)") }
      whole = min(whole, process.seconds)
      walk = min(walk, seconds)
      slots = count
    }
  }
}
