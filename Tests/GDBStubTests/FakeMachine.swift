import GDBProtocol
import GDBStub
import GDBStubAArch64

/// A machine of one AArch64 processor that knows four instructions, and 64 KiB of memory.
///
/// Reading or writing outside of its memory is a fault, as is writing to its read-only page.
final class FakeMachine {
  static let base: UInt64 = 0x4020_0000
  static let size = 0x10000
  /// The last 4 KiB: readable only.
  static let readOnly = base + 0xf000
  /// An instruction that no breakpoint may be at.
  static let ownCode = base + 0xe000

  var memory = [UInt8](repeating: 0, count: size)
  var registers = [UInt64](repeating: 0, count: AArch64.registerCount)
  /// Bytes 8...15 of registers that have them.
  var upperHalves = [UInt64](repeating: 0, count: AArch64.registerCount)
  /// What has been sent and not been looked at.
  var line: [UInt8] = []
  var threads: [UInt64] = [1]
  /// Those that do not run while others do, and why.
  var held: [UInt64: ThreadHold] = [:]
  var descriptor: [UInt8]?
  var epoch: UInt64?
  /// Where its objects are, if it knows.
  var objects: [MemoryMapRegion]?
  var canReset = false
  /// Of the table that it lists.
  var rows: UInt64 = 2
  var hardwareBreakpoints: Set<[UInt64]>?
  /// How often memory was written to, in calls.
  var writes = 0

  init() {
    registers[32] = Self.base
    for register in 0...30 { registers[register] = 0x1000 + UInt64(register) }
    registers[31] = Self.base + 0x8000
    registers[33] = 0x6000_03c5
    registers[AArch64SystemRegister.currentEL.rawValue] = 4
  }

  var programCounter: UInt64 {
    get { registers[32] }
    set { registers[32] = newValue }
  }

  func load(_ instructions: [UInt32], at address: UInt64 = base) {
    for (index, instruction) in instructions.enumerated() {
      for byte in 0..<4 {
        memory[Int(address - Self.base) + 4 * index + byte] = UInt8(
          truncatingIfNeeded: instruction >> (8 * byte))
      }
    }
  }

  func word(at address: UInt64) -> UInt32 {
    let start = Int(address - Self.base)
    return (0..<4).reduce(0) { $0 | UInt32(memory[start + $1]) << (8 * $1) }
  }

  enum Instruction {
    static let nop: UInt32 = 0xd503_201f
    /// `add x0, x0, #1`
    static let increment: UInt32 = 0x9100_0400
    /// `b` to three instructions before.
    static let loop: UInt32 = 0x17ff_fffd
    static let `break`: UInt32 = 0xd420_0000
  }

  /// Counts x0 up for ever.
  static let countingLoop = [Instruction.increment, Instruction.nop, Instruction.nop, Instruction.loop]

  /// Executes one instruction. Returns why it could not.
  func step() -> StopReason? {
    guard programCounter >= Self.base, programCounter + 4 <= Self.base + UInt64(Self.size) else {
      return .exception(.segmentation)
    }
    switch word(at: programCounter) {
    case Instruction.break: return .breakpoint
    case Instruction.nop: break
    case Instruction.increment: registers[0] &+= 1
    case Instruction.loop:
      programCounter -= 12
      return nil
    default: return .exception(.illegalInstruction)
    }
    programCounter += 4
    return nil
  }
}

/// The stub's view of a ``FakeMachine``.
struct FakeTarget: StubTarget {
  typealias Architecture = AArch64
  let machine: FakeMachine
  private let descriptorMemory: Memory?

  init(machine: FakeMachine) {
    self.machine = machine
    descriptorMemory = machine.descriptor.map { Memory($0) }
  }

  mutating func send(_ byte: UInt8) { machine.line.append(byte) }

  func objects() -> IndexingIterator<[MemoryMapRegion]>? { machine.objects?.makeIterator() }

  mutating func readMemory(_ address: UInt64, into bytes: ByteBuffer) -> Int {
    access(address, bytes, end: FakeMachine.base + UInt64(FakeMachine.size)) { index, offset in
      bytes.store(machine.memory[index], at: offset)
    }
  }

  mutating func writeMemory(_ address: UInt64, from bytes: ByteBuffer) -> Int {
    machine.writes += 1
    return access(address, bytes, end: FakeMachine.readOnly) { index, offset in
      if let byte = bytes.byte(at: offset) { machine.memory[index] = byte }
    }
  }

  private func access(
    _ address: UInt64, _ bytes: ByteBuffer, end: UInt64, _ body: (Int, Int) -> Void
  ) -> Int {
    guard address >= FakeMachine.base, address < end else { return 0 }
    let count = min(bytes.count, Int(end - address))
    for offset in 0..<count { body(Int(address - FakeMachine.base) + offset, offset) }
    return count
  }

  mutating func readRegister(_ number: Int, of thread: ThreadID) -> RegisterContents? {
    // Nobody knows the translation tables of a machine without them.
    if number == AArch64SystemRegister.ttbr0.rawValue { return nil }
    return RegisterContents(low: machine.registers[number], high: machine.upperHalves[number])
  }

  mutating func writeRegister(_ number: Int, of thread: ThreadID, to value: RegisterContents) -> Bool {
    guard number < AArch64SystemRegister.ttbr0.rawValue else { return false }
    machine.registers[number] = value.low
    machine.upperHalves[number] = value.high
    return true
  }

  var currentThread: ThreadID { ThreadID(machine.threads[0]) ?? .first }

  func thread(after thread: ThreadID?) -> ThreadID? {
    guard let thread else { return ThreadID(machine.threads[0]) }
    guard let index = machine.threads.firstIndex(of: thread.number) else { return nil }
    return index + 1 < machine.threads.count ? ThreadID(machine.threads[index + 1]) : nil
  }

  func isAlive(_ thread: ThreadID) -> Bool { machine.threads.contains(thread.number) }

  static var holdsThreads: Bool { true }

  /// All but the first, which is the processor where there are others.
  func canHold(_ thread: ThreadID) -> Bool { machine.threads.count == 1 || thread.number != 1 }

  mutating func hold(_ thread: ThreadID, for reason: StopReason) -> Bool {
    guard isAlive(thread), canHold(thread) else { return false }
    machine.held[thread.number] = ThreadHold(reason: reason, isTold: false)
    return true
  }

  func hold(of thread: ThreadID) -> ThreadHold? { isAlive(thread) ? machine.held[thread.number] : nil }

  mutating func setTold(_ isTold: Bool, of thread: ThreadID) {
    guard let hold = machine.held[thread.number] else { return }
    machine.held[thread.number] = ThreadHold(reason: hold.reason, isTold: isTold)
  }

  mutating func release(_ thread: ThreadID, _ how: Resumption) {
    machine.held[thread.number] = nil
    if how == .step { _ = hold(thread, for: machine.step() ?? .step) }
  }

  func describe(_ thread: ThreadID, in text: inout ReplyText) {
    text.append("domain ")
    text.append(hexadecimal: thread.number)
  }

  func allowsBreakpoint(at address: UInt64) -> Bool { address != FakeMachine.ownCode }

  mutating func insert(
    _ kind: HardwareBreakpoint, at address: UInt64, length: UInt64
  ) -> HardwareBreakpointAnswer {
    guard let set = machine.hardwareBreakpoints else { return .unsupported }
    guard address != FakeMachine.ownCode else { return .refused }
    guard length <= 8 else { return .unsuitable }
    guard set.count < 2 else { return .full }
    machine.hardwareBreakpoints?.insert([UInt64(kind.rawValue), address, length])
    return .done
  }

  mutating func remove(
    _ kind: HardwareBreakpoint, at address: UInt64, length: UInt64
  ) -> HardwareBreakpointAnswer {
    guard machine.hardwareBreakpoints != nil else { return .unsupported }
    machine.hardwareBreakpoints?.remove([UInt64(kind.rawValue), address, length])
    return .done
  }

  mutating func removeAllHardwareBreakpoints() {
    if machine.hardwareBreakpoints != nil { machine.hardwareBreakpoints = [] }
  }

  mutating func monitor(_ command: ByteBuffer, answer: inout ReplyText) -> Bool {
    switch command.text {
    case "help": answer.append("help: this\n")
    case "quiet": break
    default: return false
    }
    return true
  }

  static func table(at index: Int) -> OSTable? {
    index == 0 ? OSTable(name: "squares", title: "Squares", description: "Numbers & their squares") : nil
  }

  func writeRows(ofTable index: Int, into rows: inout TableRows) {
    for number in 0..<machine.rows where !rows.isFull {
      rows.row {
        $0.column("Number", decimal: number)
        $0.column("Square", hexadecimal: number * number)
        $0.column("Name") { $0.append("<\"\u{7}&>") }
      }
    }
  }

  func memoryMapRegion(at index: Int) -> MemoryMapRegion? {
    index == 0 ? MemoryMapRegion(start: FakeMachine.base, length: UInt64(FakeMachine.size)) : nil
  }

  var canReset: Bool { machine.canReset }
  var descriptor: ByteBuffer? { descriptorMemory?.buffer }
  var epoch: UInt64? { machine.epoch }
}
