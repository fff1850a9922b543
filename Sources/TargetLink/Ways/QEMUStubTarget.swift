/// A system behind the stub of the QEMU that runs it (`gdb:`).
///
/// Connecting stops the machine, and nothing can be read while it runs: both are QEMU's doing. Detaching lets
/// it run again if it ran before. Checked with QEMU 7.2.
package class QEMUStubTarget: RemoteTarget {
  /// More makes `m` fail, whatever `PacketSize` says.
  private static let largestChunk = 0x800
  /// Enough to keep QEMU busy; its replies are read while requests are written.
  private static let window = 128

  package override var capabilities: TargetCapabilities { super.capabilities.union(.readsProcessor) }

  private let wasPhysical: Bool
  private var isPhysical: Bool
  private var knownProcessors: Bool?

  /// Connects, which stops the machine.
  package static func attach(
    to address: ChannelAddress, timeout: Duration = .seconds(5), log: PacketLog? = nil
  ) throws(TargetError) -> QEMUStubTarget {
    let wayIn = TargetSpecification.gdb(address).description
    return try QEMUStubTarget(channel: address.open(), wayIn: wayIn, timeout: timeout, log: log)
  }

  init(
    channel: ByteChannel, wayIn: String, timeout: Duration, log: PacketLog? = nil
  ) throws(TargetError) {
    let client = RemoteProtocolClient(channel, log: log)
    client.replyTimeout = timeout
    try client.negotiate()
    client.window = Self.window
    // A machine that ran is stopped by the connection, and says so before it answers anything.
    let stop = client.takeStop()
    // One that was killed leaves its breakpoints to QEMU, which lifts them when it is asked why the machine stands.
    try client.resume("?", for: "asking why the machine stopped")
    _ = try client.nextStop(until: .after(timeout), for: "asking why the machine stopped")
    wasPhysical = try client.ask("qqemu.PhyMemMode", for: "asking for physical memory") == [UInt8(ascii: "1")]
    isPhysical = wasPhysical
    super.init(
      client: client, wayIn: wayIn, state: .stopped(stop ?? StopEvent(.interrupt)),
      wasRunning: stop != nil)
    do {
      try setPhysical(true)
    } catch {
      detach()
      throw error
    }
  }

  package override func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    try requireStopped(for: "reading memory")
    try setPhysical(true)
    return try client.readMemory(ranges, chunkSize: chunkSize, for: "reading memory")
  }

  package override func writePhysical(_ bytes: [UInt8], at address: UInt64) throws(TargetError) {
    try requireStopped(for: "writing memory")
    try setPhysical(true)
    try client.writeMemory(bytes, at: address, for: "writing memory")
  }

  package override func readVirtual(_ range: MemoryRange) throws(TargetError) -> [UInt8] {
    try requireStopped(for: "reading memory")
    try setPhysical(false)
    guard let bytes = try client.readMemory([range], chunkSize: chunkSize, for: "reading memory")[0] else {
      throw .unreadable(address: range.address, count: range.count)
    }
    return bytes
  }

  override func leave(running: Bool) throws(TargetError) {
    // It must be stopped to be told anything.
    try interrupt()
    try setPhysical(wasPhysical)
    try super.leave(running: running)
  }

  /// With more than one processor, QEMU up to 7.2 crashes when a GICv2 is read from outside of any of them.
  package override var deviceHazard: String? {
    hasManyProcessors
      ? "QEMU's stub of a machine with several processors may crash when the interrupt controller is read"
      : nil
  }

  /// Whether the stub names a second thread, or does not say; it is asked when the machine is stopped.
  private var hasManyProcessors: Bool {
    if let knownProcessors { return knownProcessors }
    guard state != .running else { return true }
    let isMany = (try? namesSecondThread()) ?? true
    knownProcessors = isMany
    return isMany
  }

  private func namesSecondThread() throws(TargetError) -> Bool {
    _ = try client.ask("qfThreadInfo", for: "counting processors")
    return try client.ask("qsThreadInfo", for: "counting processors").first != UInt8(ascii: "l")
  }

  private var chunkSize: Int { min(Self.largestChunk, client.largestMemoryChunk) }

  /// Chooses what addresses mean in `m` and `M`.
  private func setPhysical(_ wanted: Bool) throws(TargetError) {
    guard isPhysical != wanted else { return }
    try client.command(
      "Qqemu.PhyMemMode:\(wanted ? 1 : 0)", for: "choosing physical memory", way: wayIn)
    isPhysical = wanted
  }
}
