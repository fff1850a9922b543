/// A running (or stopped) Vesper system, seen through one way in.
///
/// Every debugger command reads the system through this interface alone, so the same command works over
/// the kernel's own stub, over QEMU's, and over a block of this process's memory in a test. A target is
/// used by one thread. Whatever it returns was sent by somebody else and is not to be trusted.
package protocol Target: AnyObject {
  /// How this target is spelled on the command line, such as `gdb:unix:/tmp/gdb.sock`.
  var wayIn: String { get }

  /// What this way in can do. An operation that is not among them throws ``TargetError/notSupported``.
  var capabilities: TargetCapabilities { get }

  /// Running or stopped, as last reported by the target: nothing is sent to find out.
  var state: RunState { get }

  /// What a physical address is added to for the kernel's direct map of it; modulo 2^64.
  ///
  /// The kernel's descriptor tells; until it was read, the constant the kernel is built with is assumed.
  var directMapOffset: UInt64 { get set }

  /// Called with console text of the target when some arrives while something else is being done.
  var onConsoleText: (([UInt8]) -> Void)? { get set }

  /// Asked now and then while a stop is waited for; when it says yes, the target is interrupted, as by Ctrl-C.
  var shouldInterrupt: (() -> Bool)? { get set }

  /// All physical memory that can be read, by address; `nil` if only the kernel can tell.
  var memoryRanges: [MemoryRange]? { get }

  /// What is wrong with the target itself, which answers made from it must tell.
  var defects: [TargetDefect] { get }

  /// Reads physical memory: as many requests are in flight at once as the way in takes.
  ///
  /// The answer has one element for each range, in their order: `nil` where the target refused.
  /// Throws only if nothing more can be had from the target, or if it must be stopped first.
  func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?]

  /// Reads device registers, as ``readPhysical(_:)`` does memory: each range by accesses of its own, and nothing beside
  /// them.
  func readDevice(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?]

  /// Writes `bytes` to physical memory.
  func writePhysical(_ bytes: [UInt8], at address: UInt64) throws(TargetError)

  /// Reads through the translation in force where the target stopped.
  func readVirtual(_ range: MemoryRange) throws(TargetError) -> [UInt8]

  /// The kernel's descriptor, if the way in can ask for it; `nil` if it has to be found in memory.
  func readDescriptor() throws(TargetError) -> [UInt8]?

  /// The memory of the kernel's objects, all of one moment, as far as the way in can have it gathered without stopping the
  /// system for long; `nil` if it cannot. What is missing must be read piece by piece.
  func readObjects() throws(TargetError) -> GatheredMemory?

  /// The kernel's epoch (odd while its objects change), if the way in can ask for it without stopping.
  func readEpoch() throws(TargetError) -> UInt64?

  /// Why device registers must not be read over this way in, as a clause; `nil` if they may be asked for. A way in
  /// that has none refuses them like any other memory that is not there.
  var deviceHazard: String? { get }

  /// Stops the target, and returns how it stopped. A stopped target remains so.
  @discardableResult
  func interrupt() throws(TargetError) -> StopEvent

  /// Lets the target run.
  func resume() throws(TargetError)

  /// Executes one instruction.
  func step() throws(TargetError) -> StopEvent

  /// Waits until the target stops; `nil` if it still runs after `timeout`.
  ///
  /// With a `timeout` of zero it takes what has come, which must be done now and then while the target runs: one
  /// whose console nobody reads may stand still.
  func waitForStop(timeout: Duration) throws(TargetError) -> StopEvent?

  /// The general and system registers, in the target's order, those wider than 64 bits left out.
  func readRegisters() throws(TargetError) -> [RegisterValue]

  /// v0...v31, fpsr and fpcr of the code that was stopped, as far as the target can tell.
  func readFloatingPointRegisters() throws(TargetError) -> [RegisterValue]

  /// Sets the register called `name`.
  func writeRegister(_ name: String, to value: UInt64) throws(TargetError)

  /// Stops the target when it is about to execute the instruction at the virtual address.
  func setBreakpoint(at address: UInt64) throws(TargetError)

  /// Removes what ``setBreakpoint(at:)`` set.
  func clearBreakpoint(at address: UInt64) throws(TargetError)

  /// Leaves the target as it was found (running, if it ran) and closes the connection.
  ///
  /// With `keepingStop`, one that ``interrupt()`` was the last to stop or let run remains stopped for the next
  /// debugger. Never fails: a target that has gone needs nothing more. Every later operation throws.
  func detach(keepingStop: Bool)
}

extension Target {
  /// Leaves the target as it was found and closes the connection.
  package func detach() {
    detach(keepingStop: false)
  }

  package func readDevice(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    try readPhysical(ranges)
  }

  /// Reads one piece of physical memory, all of it or an error.
  package func readPhysical(address: UInt64, count: Int) throws(TargetError) -> [UInt8] {
    let answers = try readPhysical([MemoryRange(address: address, count: count)])
    guard let first = answers.first, let bytes = first, bytes.count == count else {
      throw .unreadable(address: address, count: count)
    }
    return bytes
  }

  /// Does `body` with the target stopped, if it can be stopped, and lets it run again if it ran.
  ///
  /// A target that stops for a reason of its own at that moment remains stopped.
  package func whileStopped<Result>(
    _ body: () throws(TargetError) -> Result
  ) throws(TargetError) -> Result {
    guard state == .running, capabilities.contains(.runControl) else { return try body() }
    let event = try interrupt()
    let result: Result
    do {
      result = try body()
    } catch {
      if event.reason == .interrupt { try? resume() }
      throw error
    }
    if event.reason == .interrupt { try resume() }
    return result
  }
}

/// What a way in may lack. Each operation throws unless its target has it.
extension Target {
  package var memoryRanges: [MemoryRange]? { nil }

  package var defects: [TargetDefect] { [] }

  /// Never asked by a target that cannot be waited for.
  package var shouldInterrupt: (() -> Bool)? {
    get { nil }
    set {}
  }

  package func writePhysical(_ bytes: [UInt8], at address: UInt64) throws(TargetError) {
    throw .notSupported(operation: "writing memory", way: wayIn)
  }

  package func readVirtual(_ range: MemoryRange) throws(TargetError) -> [UInt8] {
    throw .notSupported(operation: "reading virtual addresses", way: wayIn)
  }

  package func readDescriptor() throws(TargetError) -> [UInt8]? { nil }

  package func readObjects() throws(TargetError) -> GatheredMemory? { nil }

  package func readEpoch() throws(TargetError) -> UInt64? { nil }

  package var deviceHazard: String? { nil }

  @discardableResult
  package func interrupt() throws(TargetError) -> StopEvent {
    throw .notSupported(operation: "stopping the system", way: wayIn)
  }

  package func resume() throws(TargetError) {
    throw .notSupported(operation: "continuing the system", way: wayIn)
  }

  package func step() throws(TargetError) -> StopEvent {
    throw .notSupported(operation: "stepping", way: wayIn)
  }

  package func waitForStop(timeout: Duration) throws(TargetError) -> StopEvent? {
    throw .notSupported(operation: "waiting for a stop", way: wayIn)
  }

  package func readRegisters() throws(TargetError) -> [RegisterValue] {
    throw .notSupported(operation: "reading registers", way: wayIn)
  }

  package func readFloatingPointRegisters() throws(TargetError) -> [RegisterValue] {
    throw .notSupported(operation: "reading floating-point registers", way: wayIn)
  }

  package func writeRegister(_ name: String, to value: UInt64) throws(TargetError) {
    throw .notSupported(operation: "writing registers", way: wayIn)
  }

  package func setBreakpoint(at address: UInt64) throws(TargetError) {
    throw .notSupported(operation: "setting a breakpoint", way: wayIn)
  }

  package func clearBreakpoint(at address: UInt64) throws(TargetError) {
    throw .notSupported(operation: "clearing a breakpoint", way: wayIn)
  }
}
