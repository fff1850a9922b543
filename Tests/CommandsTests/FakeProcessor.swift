import TargetLink

/// A target with a processor of two registers, over the memory of another target: to see what commands ask of it.
final class FakeProcessor: Target {
  let wayIn = "fake"
  let capabilities: TargetCapabilities
  private(set) var state = RunState.running
  var directMapOffset: UInt64 = 0
  var onConsoleText: (([UInt8]) -> Void)?

  var pc: UInt64 = 0x1000
  private(set) var breakpoints: Set<UInt64> = []
  private(set) var log: [String] = []
  /// A stop that has happened and was not reported yet.
  var unnoticedStop: StopEvent?
  /// Counts reads of memory while the system was stopped.
  private(set) var readsWhileStopped = 0
  private let memory: InMemoryTarget

  init(memory: InMemoryTarget, readsWhileRunning: Bool) {
    self.memory = memory
    capabilities =
      readsWhileRunning
      ? [.readsWhileRunning, .runControl, .registers, .breakpoints] : [.runControl, .registers, .breakpoints]
  }

  func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    guard state != .running || capabilities.contains(.readsWhileRunning) else {
      throw .running(operation: "reading memory")
    }
    if state != .running { readsWhileStopped += 1 }
    return try memory.readPhysical(ranges)
  }

  func interrupt() throws(TargetError) -> StopEvent {
    log.append("interrupt")
    let event = StopEvent(.interrupt)
    state = .stopped(event)
    return event
  }

  func resume() throws(TargetError) {
    log.append("resume")
    state = .running
  }

  func step() throws(TargetError) -> StopEvent {
    log.append("step")
    pc += 4
    let event = StopEvent(.trap)
    state = .stopped(event)
    return event
  }

  func waitForStop(timeout: Duration) throws(TargetError) -> StopEvent? {
    guard let event = unnoticedStop else { return nil }
    unnoticedStop = nil
    state = .stopped(event)
    return event
  }

  func readRegisters() throws(TargetError) -> [RegisterValue] {
    [RegisterValue(name: "x0", bitWidth: 64, value: 7), RegisterValue(name: "pc", bitWidth: 64, value: pc)]
  }

  func setBreakpoint(at address: UInt64) throws(TargetError) {
    log.append("set \(String(address, radix: 16))")
    breakpoints.insert(address)
  }

  func clearBreakpoint(at address: UInt64) throws(TargetError) {
    log.append("clear \(String(address, radix: 16))")
    breakpoints.remove(address)
  }

  func detach(keepingStop: Bool) { log.append("detach") }
}
