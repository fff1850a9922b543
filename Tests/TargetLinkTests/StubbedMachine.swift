import Foundation
import GDBProtocol
import GDBStub
import GDBStubAArch64
import SystemPackage

@testable import TargetLink

/// A small machine behind the kernel's own stub, which serves one end of a socket on a thread of its own.
///
/// 64 KiB at the direct map of 0x4020_0000. It counts x0 up for ever, and knows no other program.
struct StubbedMachine {
  static let base: UInt64 = 0xffff_0000_4020_0000
  static let physicalBase: UInt64 = 0x4020_0000
  static let size = 0x10000

  /// The client's end.
  let channel: ByteChannel

  /// - Parameters:
  ///   - text: printed on the console before anything else.
  ///   - isStopped: whether the machine has stopped before anybody attaches.
  init(printing text: String = "", isStopped: Bool = false) {
    var ends: [Int32] = [0, 0]
    precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
    channel = ByteChannel(adopting: FileDescriptor(rawValue: ends[0]), name: "stub", isSocket: true)
    let end = ends[1]
    Thread.detachNewThread {
      let line = ByteChannel(adopting: FileDescriptor(rawValue: end), name: "client", isSocket: true)
      StubbedMachineServer(line).serve(printing: text, isStopped: isStopped)
    }
  }

  /// Attaches as `serial:` does.
  func attach(onConsoleText: (([UInt8]) -> Void)? = nil) throws -> SerialStubTarget {
    try SerialStubTarget(
      channel: channel, wayIn: "serial:test", window: 4, timeout: .seconds(20), onConsoleText: onConsoleText)
  }

  /// The program, and stretches of bytes between zeros.
  static let memory: [UInt8] = {
    var memory = [UInt8](repeating: 0, count: size)
    for offset in 0x1000..<0x3000 { memory[offset] = UInt8(truncatingIfNeeded: offset &* 31) }
    for offset in stride(from: 0x4000, to: 0x6000, by: 77) { memory[offset] = UInt8(ascii: "*") }
    for (index, instruction) in SmallTarget.program.enumerated() {
      for byte in 0..<4 { memory[4 * index + byte] = UInt8(truncatingIfNeeded: instruction >> (8 * byte)) }
    }
    return memory
  }()

  static let descriptor = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
}

private final class StubbedMachineServer {
  private let line: ByteChannel
  private let storage = PacketStorage(capacity: 4096)
  private var stub: GDBStub<SmallTarget>
  private var runs = true

  init(_ line: ByteChannel) {
    self.line = line
    let target = SmallTarget()
    stub = GDBStub(
      target: target, storage: storage.buffer.withUnsafeBytes { UnsafeMutableRawBufferPointer(mutating: $0) })
  }

  func serve(printing text: String, isStopped: Bool) {
    for byte in text.utf8 { stub.console(byte) }
    if isStopped {
      runs = false
      stub.stopped(.exception(.segmentation))
    }
    while let bytes = try? line.receive(until: .after(runs ? .zero : .seconds(60)), during: "test") {
      for byte in bytes { obey(stub.receive(byte)) }
      if runs, let reason = stub.target.step() { stop(reason) }
      let sent = stub.target.takeLine()
      if !sent.isEmpty, (try? line.send(sent, until: .after(.seconds(60)), during: "test")) == nil { return }
    }
  }

  private func obey(_ directive: Directive) {
    switch directive {
    case .none, .reset, .input: break
    case .stop: stop(.interrupt)
    case .resume(.step): stop(stub.target.step() ?? .step)
    case .resume(.run): runs = true
    }
  }

  private func stop(_ reason: StopReason) {
    runs = false
    stub.stopped(reason)
  }
}

private final class SmallTarget: StubTarget {
  typealias Architecture = AArch64

  private var memory = StubbedMachine.memory
  private var registers = [UInt64](repeating: 0, count: AArch64.registerCount)
  private var line: [UInt8] = []
  private let descriptorStorage = PacketStorage(capacity: StubbedMachine.descriptor.count)

  /// Three of these and a jump back is the program.
  private static let nop: UInt32 = 0xd503_201f
  private static let jumpBack: UInt32 = 0x17ff_fffd
  private static let breakpoint: UInt32 = 0xd420_0000
  static let program = [nop, nop, nop, jumpBack]

  init() {
    for (offset, byte) in StubbedMachine.descriptor.enumerated() {
      descriptorStorage.buffer.store(byte, at: offset)
    }
    registers[AArch64.programCounter] = StubbedMachine.base
  }

  func takeLine() -> [UInt8] {
    defer { line = [] }
    return line
  }

  func step() -> StopReason? {
    let offset = Int(registers[AArch64.programCounter] - StubbedMachine.base)
    let instruction = (0..<4).reduce(UInt32(0)) { $0 | UInt32(memory[offset + $1]) << (8 * $1) }
    switch instruction {
    case Self.nop: registers[AArch64.programCounter] += 4
    case Self.jumpBack: registers[AArch64.programCounter] -= 12
    case Self.breakpoint: return .breakpoint
    default: return .exception(.illegalInstruction)
    }
    registers[0] &+= 1
    return nil
  }

  func send(_ byte: UInt8) { line.append(byte) }

  func readMemory(_ address: UInt64, into bytes: ByteBuffer) -> Int {
    guard let start = index(of: address) else { return 0 }
    let count = min(bytes.count, memory.count - start)
    for offset in 0..<count { bytes.store(memory[start + offset], at: offset) }
    return count
  }

  func writeMemory(_ address: UInt64, from bytes: ByteBuffer) -> Int {
    guard let start = index(of: address) else { return 0 }
    let count = min(bytes.count, memory.count - start)
    for offset in 0..<count { memory[start + offset] = bytes.byte(at: offset) ?? 0 }
    return count
  }

  private func index(of address: UInt64) -> Int? {
    address >= StubbedMachine.base && address - StubbedMachine.base < UInt64(memory.count)
      ? Int(address - StubbedMachine.base) : nil
  }

  func readRegister(_ number: Int, of thread: ThreadID) -> RegisterContents? {
    RegisterContents(registers[number])
  }

  func writeRegister(_ number: Int, of thread: ThreadID, to value: RegisterContents) -> Bool {
    registers[number] = value.low
    return true
  }

  func insert(_ kind: HardwareBreakpoint, at address: UInt64, length: UInt64) -> HardwareBreakpointAnswer {
    .unsupported
  }

  func remove(_ kind: HardwareBreakpoint, at address: UInt64, length: UInt64) -> HardwareBreakpointAnswer {
    .unsupported
  }

  func removeAllHardwareBreakpoints() {}

  func monitor(_ command: ByteBuffer, answer: inout ReplyText) -> Bool { false }

  let canReset = false
  var descriptor: ByteBuffer? { descriptorStorage.buffer }
  /// Even: the kernel is at rest whenever this is asked.
  let epoch: UInt64? = 0x1_0000_002a
}
