internal import TargetLink

/// Bytes a second, all measured in one run on one machine.
struct Rates {
  /// Physical addresses: the kernel's code, and memory that nobody has used.
  private static let code = MemoryRange(address: 0x4020_0000, count: 48 << 10)
  private static let zeroes = MemoryRange(address: 0x5800_0000, count: 256 << 10)
  /// For each row, and at least once through the memory.
  private static let duration = Duration.seconds(2)

  private var rows: [(name: String, rate: Double)] = []

  /// Measures, which takes about fifteen seconds: the stub of the image `kernel`, and the line with the image `flood`,
  /// which sends bytes as fast as it can.
  init(kernel: String, flood: String) throws {
    try measureLine(flood)
    let machine = try QEMUMachine(QEMUSettings(kernel: kernel))
    defer { machine.end() }
    try machine.start()
    let serial = try measureKernelStub(machine)
    let target = try machine.gdb.attach(timeout: .seconds(30))
    defer { target.detach(keepingStop: false) }
    try measure("QEMU's stub, code, 128 requests ahead", target, Self.code)
    guard try target.readPhysical([Self.code])[0] == serial else { throw DifferentBytes() }
  }

  /// The two stubs do not show the same memory.
  struct DifferentBytes: Error {}

  private mutating func measureLine(_ flood: String) throws {
    let machine = try QEMUMachine(QEMUSettings(kernel: flood))
    defer { machine.end() }
    let channel = try ByteChannel.connect(unixSocket: machine.serialPath)
    try machine.start()
    // It waits for a byte: while a full socket is not read, QEMU's monitor does not answer.
    try channel.send([0], until: .after(.seconds(10)), during: "measuring")
    // Not the time that QEMU takes to begin.
    _ = try channel.receive(until: .after(.seconds(10)), during: "measuring")
    try measure("the line itself, guest to host") {
      try channel.receive(until: .after(.seconds(10)), during: "measuring").count
    }
  }

  /// Returns the kernel's code.
  private mutating func measureKernelStub(_ machine: QEMUMachine) throws -> [UInt8]? {
    guard case .serial(let address) = machine.serial else { return nil }
    var code: [UInt8]?
    for window in [1, 8] {
      let target = try SerialStubTarget.attach(to: address, timeout: .seconds(30), window: window)
      defer { target.detach(keepingStop: false) }
      try target.interrupt()
      let ahead = window == 1 ? "one request at a time" : "\(window) requests ahead"
      try measure("kernel's stub, code, \(ahead)", target, Self.code)
      try measure("kernel's stub, zeroes, \(ahead)", target, Self.zeroes)
      code = try target.readPhysical([Self.code])[0]
    }
    return code
  }

  private mutating func measure(_ name: String, _ target: any Target, _ range: MemoryRange) throws {
    try measure(name) { try target.readPhysical([range])[0]?.count ?? 0 }
  }

  private mutating func measure(_ name: String, _ transfer: () throws -> Int) throws {
    let start = ContinuousClock.now
    var count = 0
    repeat { count += try transfer() } while ContinuousClock.now - start < Self.duration
    let elapsed = (ContinuousClock.now - start).components
    let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    rows.append((name, Double(count) / seconds))
  }

  var table: String {
    let line = rows[0].rate
    let lines = rows.map { row in
      "\(padded(row.name, to: 48)) \(aligned(Int(row.rate / 1024), to: 10)) "
        + aligned(Int(100 * row.rate / line), to: 10) + " %"
    }
    return """
      \(padded("", to: 48)) \(padded("     KiB/s", to: 10)) of the line
      \(lines.joined(separator: "\n"))

      Memory read in a second, as the host's clock has it: the ratios are worth more than the rates. Zeroes are shorter on
      the line than in memory, by run-length encoding; QEMU's stub is no part of the guest, and not on its line.
      """
  }

  private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func aligned(_ number: Int, to width: Int) -> String {
    let text = String(number)
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
