import GDBProtocol
import GDBStub
import Testing

/// A stub on a ``FakeMachine``, and the owner's part: it does what the stub's directives say.
final class Bench {
  let machine: FakeMachine
  private let storage: Memory
  private var stub: GDBStub<FakeTarget>
  /// What was typed on the console, as the stub passed it on.
  var input: [UInt8] = []
  var resets = 0

  init(_ machine: FakeMachine = FakeMachine(), storage size: Int = 4096) {
    self.machine = machine
    storage = Memory(size)
    stub = GDBStub(target: FakeTarget(machine: machine), storage: storage.storage)
  }

  var isAttached: Bool { stub.isAttached }
  var isStopped: Bool { stub.isStopped }

  func stopped(_ reason: StopReason) { stub.stopped(reason) }

  /// A thread meets something that it must stop for; the others run on.
  func hold(_ thread: UInt64, _ reason: StopReason) {
    machine.held[thread] = ThreadHold(reason: reason, isTold: false)
    stub.announceStop()
  }

  func putAside(_ address: UInt64) -> Bool { stub.putAside(breakpointAt: address) }

  func print(_ text: String) {
    for byte in text.utf8 { stub.console(byte) }
  }

  func flushConsole() { stub.flushConsole() }

  /// Puts bytes on the line, and lets the machine do what follows from them.
  func receive(_ bytes: [UInt8]) {
    for byte in bytes {
      switch stub.receive(byte) {
      case .none: break
      case .stop: stub.stopped(.interrupt)
      case .resume(.step): step()
      case .resume(.run): run()
      case .reset: resets += 1
      case .input(let byte): input.append(byte)
      }
    }
  }

  /// Steps once, or through a range; a loop in it is interrupted after a while.
  private func step() {
    for _ in 0..<50 {
      guard stub.stopped(machine.step() ?? .step) == .resume(.step) else { return }
    }
    stub.stopped(.interrupt)
  }

  /// Runs until a breakpoint, or for a while if there is none.
  private func run() {
    for _ in 0..<100 {
      if let reason = machine.step() {
        stub.stopped(reason)
        return
      }
    }
  }

  /// What the stub has sent since the last call.
  func takeLine() -> [UInt8] {
    defer { machine.line = [] }
    return machine.line
  }
}

/// A packet as it goes over the wire.
func frame(_ payload: [UInt8]) -> [UInt8] {
  let memory = Memory(2 * payload.count + Framing.overhead)
  var writer = PacketWriter(buffer: memory.buffer)
  writer.begin()
  for byte in payload { writer.append(binary: byte) }
  return writer.end()?.withUnsafeBytes { Array($0) } ?? []
}
