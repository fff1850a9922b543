/// What the targets behind a GDB stub have in common: run control, registers, breakpoints.
package class RemoteTarget: Target {
  package let wayIn: String
  package var capabilities: TargetCapabilities {
    [.writesMemory, .runControl, .registers, .breakpoints, .readsVirtual]
  }
  package internal(set) var state: RunState
  package var directMapOffset: UInt64 = 0xFFFF_0000_0000_0000
  package var onConsoleText: (([UInt8]) -> Void)? {
    get { client.onConsoleText }
    set { client.onConsoleText = newValue }
  }
  package var shouldInterrupt: (() -> Bool)?
  package var deviceHazard: String? { nil }
  /// What has come from the target since it was attached to, in bytes on the line.
  package var receivedCount: Int { client.link.channel.receivedCount }

  let client: RemoteProtocolClient
  private(set) var breakpoints: Set<UInt64> = []
  private(set) var isDetached = false
  /// Whether the target ran when it was found.
  private let wasRunning: Bool
  /// Whether ``interrupt()`` came after the last ``resume()``.
  private var isStoppedOnPurpose = false
  private var registers: [RegisterDescription]?

  /// How long stopping and stepping may take.
  var stopTimeout = Duration.seconds(5)
  /// How often ``shouldInterrupt`` is asked.
  private static let patience = Duration.milliseconds(50)

  init(client: RemoteProtocolClient, wayIn: String, state: RunState, wasRunning: Bool) {
    self.client = client
    self.wayIn = wayIn
    self.state = state
    self.wasRunning = wasRunning
  }

  deinit {
    client.close()
  }

  package func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    throw .notSupported(operation: "reading physical memory", way: wayIn)
  }

  package func readDevice(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    try readPhysical(ranges)
  }

  package func writePhysical(_ bytes: [UInt8], at address: UInt64) throws(TargetError) {
    throw .notSupported(operation: "writing physical memory", way: wayIn)
  }

  package func readVirtual(_ range: MemoryRange) throws(TargetError) -> [UInt8] {
    throw .notSupported(operation: "reading virtual memory", way: wayIn)
  }

  package func readDescriptor() throws(TargetError) -> [UInt8]? { nil }

  package func readObjects() throws(TargetError) -> GatheredMemory? { nil }

  package func readEpoch() throws(TargetError) -> UInt64? { nil }

  package func detach(keepingStop: Bool) {
    guard !isDetached else { return }
    isDetached = true
    // Whatever fails here, the connection ends, and with it all that could still be done.
    try? leave(running: state == .running || wasRunning && !(keepingStop && isStoppedOnPurpose))
    client.close()
  }

  /// Takes back what was changed, and leaves the target running or stopped; then the connection is closed.
  ///
  /// With both stubs `D` lets the target run, and without it one that is stopped remains so.
  func leave(running: Bool) throws(TargetError) {
    if !breakpoints.isEmpty {
      try interrupt()
      try clearAllBreakpoints()
    }
    guard running, client.isErrorReply(try client.ask("D", for: "detaching")) else { return }
    // A client before has told of `multiprocess+`, which QEMU never forgets: it wants the process's number now.
    _ = try client.ask("D;\(processNumber)", for: "detaching")
  }

  /// As the stub writes it, in `pPROCESS.THREAD`; QEMU calls its first one 1.
  private var processNumber: Substring {
    guard case .stopped(let event) = state, let thread = event.thread, thread.hasPrefix("p") else {
      return "1"
    }
    return thread.dropFirst().prefix { $0.isHexDigit }
  }

  /// Throws if the system runs, having looked whether it has stopped meanwhile.
  func requireStopped(for operation: String) throws(TargetError) {
    guard state == .running else { return }
    guard try waitForStop(timeout: .zero) != nil else { throw .running(operation: operation) }
  }
}

/// Run control.
extension RemoteTarget {
  @discardableResult
  package func interrupt() throws(TargetError) -> StopEvent {
    isStoppedOnPurpose = true
    if case .stopped(let event) = state { return event }
    try client.sendInterrupt(for: "stopping the system")
    guard let event = try waitForStop(timeout: stopTimeout) else { throw .didNotStop }
    return event
  }

  package func resume() throws(TargetError) {
    isStoppedOnPurpose = false
    guard state != .running else { return }
    // QEMU hits a breakpoint at the program counter again without having moved.
    if !breakpoints.isEmpty, breakpoints.contains(try programCounter()), try step().reason != .trap { return }
    try client.resume("vCont;c", for: "continuing the system")
    state = .running
  }

  package func step() throws(TargetError) -> StopEvent {
    try requireStopped(for: "stepping")
    // Between the instructions of many.
    if shouldInterrupt?() == true { return StopEvent(.interrupt) }
    let here = breakpoints.isEmpty ? nil : try programCounter()
    let hidden = here.flatMap { breakpoints.contains($0) ? $0 : nil }
    if let hidden { try send("z0", hidden, for: "clearing a breakpoint") }
    try client.resume("vCont;s", for: "stepping")
    state = .running
    // An instruction may take for ever: a system call that blocks, or waiting for an interrupt.
    let done = try waitForStop(timeout: stopTimeout)
    let event = if let done { done } else { try interrupt() }
    if let hidden { try send("Z0", hidden, for: "setting a breakpoint") }
    return event
  }

  package func waitForStop(timeout: Duration) throws(TargetError) -> StopEvent? {
    if case .stopped(let event) = state {
      // Nothing to wait for, but the line is kept empty: QEMU blocks when its serial socket is full.
      _ = try client.nextStop(until: .after(.zero), for: "listening")
      return event
    }
    let deadline = Deadline.after(timeout)
    var event: StopEvent?
    repeat {
      event = try client.nextStop(
        until: deadline.sooner(than: Self.patience), for: "waiting for the system to stop")
      if event == nil, !deadline.hasPassed, shouldInterrupt?() == true {
        try client.sendInterrupt(for: "stopping the system")
      }
    } while event == nil && !deadline.hasPassed
    guard let event else { return nil }
    state = .stopped(event)
    return event
  }
}

/// Registers and breakpoints.
extension RemoteTarget {
  package func readRegisters() throws(TargetError) -> [RegisterValue] {
    try requireStopped(for: "reading registers")
    return try client.readRegisters(descriptions().filter { $0.bitWidth <= 64 }, for: "reading registers")
  }

  package func readFloatingPointRegisters() throws(TargetError) -> [RegisterValue] {
    try requireStopped(for: "reading floating-point registers")
    let wanted = Set((0..<32).map { "v\($0)" } + ["fpsr", "fpcr"])
    let found = try descriptions().filter { wanted.contains($0.name) && $0.bitWidth <= 128 }
    guard !found.isEmpty else {
      throw .notSupported(operation: "reading floating-point registers", way: wayIn)
    }
    return try client.readRegisters(found, for: "reading floating-point registers")
  }

  package func writeRegister(_ name: String, to value: UInt64) throws(TargetError) {
    try requireStopped(for: "writing a register")
    guard let register = try descriptions().first(where: { $0.name == name && $0.bitWidth <= 64 }) else {
      throw .noSuchRegister(name)
    }
    try client.writeRegister(register, to: value, for: "writing \(name)", way: wayIn)
  }

  package func setBreakpoint(at address: UInt64) throws(TargetError) {
    try requireStopped(for: "setting a breakpoint")
    guard !breakpoints.contains(address) else { return }
    try send("Z0", address, for: "setting a breakpoint")
    breakpoints.insert(address)
  }

  package func clearBreakpoint(at address: UInt64) throws(TargetError) {
    try requireStopped(for: "clearing a breakpoint")
    guard breakpoints.contains(address) else { return }
    try send("z0", address, for: "clearing a breakpoint")
    breakpoints.remove(address)
  }

  func clearAllBreakpoints() throws(TargetError) {
    for address in breakpoints { try clearBreakpoint(at: address) }
  }

  /// `Z0` or `z0`; the last number is the length of an instruction.
  private func send(_ packet: String, _ address: UInt64, for operation: String) throws(TargetError) {
    try client.command("\(packet),\(digits(address)),4", for: operation, way: wayIn)
  }

  private func programCounter() throws(TargetError) -> UInt64 {
    let description = try descriptions().filter { $0.name == "pc" }
    guard let register = try client.readRegisters(description, for: "reading pc").first else {
      throw .noSuchRegister("pc")
    }
    return register.value
  }

  private func descriptions() throws(TargetError) -> [RegisterDescription] {
    if let registers { return registers }
    let read = try client.readRegisterDescriptions()
    registers = read
    return read
  }
}
