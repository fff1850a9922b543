/// A system behind the kernel's own stub on its serial line (`serial:`).
///
/// Attaching does not stop it: the stub serves memory while the system runs, between two entries to the kernel.
package final class SerialStubTarget: RemoteTarget {
  package override var capabilities: TargetCapabilities { super.capabilities.union(.readsWhileRunning) }

  /// A line with nobody at its other end to hold back the sender takes one request at a time.
  static let socketWindow = 8
  private static let epochPacket = "qvesper.Epoch"
  private static let longestDescriptor = 1 << 20
  /// In bytes on the line, for which QEMU's takes some 40 ms.
  private static let gatheredSize = 16 << 10
  private static let greetingInterval = Duration.milliseconds(500)

  /// Connects, and asks until the kernel's stub answers, which may still be booting.
  ///
  /// `window` requests may be unanswered at once, by default as many as the line can take.
  package static func attach(
    to address: ChannelAddress, timeout: Duration = .seconds(5), log: PacketLog? = nil,
    window: Int? = nil, onConsoleText: (([UInt8]) -> Void)? = nil
  ) throws(TargetError) -> SerialStubTarget {
    let wayIn = TargetSpecification.serial(address).description
    let channel = try address.open()
    var usualWindow = socketWindow
    if case .device = address { usualWindow = 1 }
    return try SerialStubTarget(
      channel: channel, wayIn: wayIn, window: window ?? usualWindow, timeout: timeout, log: log,
      onConsoleText: onConsoleText)
  }

  init(
    channel: ByteChannel, wayIn: String, window: Int, timeout: Duration, log: PacketLog? = nil,
    onConsoleText: (([UInt8]) -> Void)? = nil
  ) throws(TargetError) {
    let client = RemoteProtocolClient(channel, log: log)
    client.onConsoleText = onConsoleText
    // No `?` is sent to a system that runs: it would stop it.
    try client.negotiate(repeatedEvery: Self.greetingInterval, for: timeout)
    client.window = window
    let stop = try Self.findStop(client)
    super.init(
      client: client, wayIn: wayIn, state: stop.map { .stopped($0) } ?? .running, wasRunning: stop == nil)
  }

  /// How the system stopped, if it did so before anybody was attached; `nil` if it runs.
  private static func findStop(_ client: RemoteProtocolClient) throws(TargetError) -> StopEvent? {
    // Registers can be read of a stopped system only, so this tells without stopping one that runs. From the first
    // packet that asks for the epoch on, the stub tells of stops and console text by itself.
    let probes = ["p0", epochPacket].map { Array($0.utf8) }
    let probe = try client.exchange(probes, for: "asking whether the system runs")[0]
    if probe.isEmpty || client.isErrorReply(probe) { return nil }
    try client.resume("?", for: "asking why the system stopped")
    return try client.nextStop(until: .after(client.replyTimeout), for: "asking why the system stopped")
  }

  package override func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    let merging = MergedRanges(ranges)
    return merging.parts(of: try readDevice(merging.merged), ranges)
  }

  package override func readDevice(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    let mapped = ranges.map { MemoryRange(address: $0.address &+ directMapOffset, count: $0.count) }
    return try client.readMemory(mapped, chunkSize: client.largestMemoryChunk, for: "reading memory")
  }

  package override func writePhysical(_ bytes: [UInt8], at address: UInt64) throws(TargetError) {
    try requireStopped(for: "writing memory")
    try client.writeMemory(bytes, at: address &+ directMapOffset, for: "writing memory")
  }

  package override func readVirtual(_ range: MemoryRange) throws(TargetError) -> [UInt8] {
    let read = try client.readMemory([range], chunkSize: client.largestMemoryChunk, for: "reading memory")
    guard let bytes = read[0] else { throw .unreadable(address: range.address, count: range.count) }
    return bytes
  }

  package override func readDescriptor() throws(TargetError) -> [UInt8]? {
    let bytes = try client.collect(
      atMost: Self.longestDescriptor, for: "reading the kernel's descriptor",
      isEnough: { DescriptorBeginning($0)?.whole != nil },
      request: { offset, length in
        let wanted = offset == 0 ? min(length, DescriptorBeginning.askedSize) : length
        return "qvesper.Descriptor:\(digits(UInt64(offset))),\(digits(UInt64(wanted)))"
      })
    return bytes.flatMap { DescriptorBeginning($0)?.whole } ?? bytes
  }

  package override func readObjects() throws(TargetError) -> GatheredMemory? {
    // A line that takes one request at a time is a slow one, which would hold the system for seconds.
    guard client.window > 1 else { return nil }
    return try client.readObjects(directMapOffset: directMapOffset, limit: Self.gatheredSize)
  }

  package override func readEpoch() throws(TargetError) -> UInt64? {
    let reply = try client.ask(Self.epochPacket, for: "reading the kernel's epoch")
    if reply.isEmpty { return nil }
    guard let epoch = UInt64(String(decoding: reply, as: UTF8.self), radix: 16) else {
      throw client.reject(reply, for: "reading the kernel's epoch")
    }
    return epoch
  }
}
