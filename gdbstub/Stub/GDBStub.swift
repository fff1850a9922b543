internal import GDBProtocol

/// The debugged side of the GDB remote protocol: a session over a ``StubTarget``.
///
/// The owner feeds it every byte of the line with ``receive(_:)`` and does what the ``Directive`` says; it
/// tells it of stops with ``stopped(_:)``, and prints through ``console(_:)``. The stub keeps two things
/// apart: whether a client is attached, and whether the target runs.
///
/// - A client is attached by the first packet that comes, and detached by `D`, `k` or `vKill`.
/// - While the target runs, packets that only read (`m`, `x`, `q…`) are answered without stopping it. `?`
///   stops it, as gdb asks this when it attaches and expects a stopped target.
/// - A target may stop before anybody is attached: a later client finds it stopped, with the reason.
///
/// It allocates nothing: all its memory is in this value and in the storage that it is given.
public struct GDBStub<Target: StubTarget>: ~Copyable {
  /// The machine that is served.
  public var target: Target

  var receiver: PacketReceiver
  var writer: PacketWriter
  var session = Session()
  var execution = Execution.running
  /// What a thread is stepped through without a stop after each instruction.
  var steppingRange: SteppingRange?
  var breakpoints: BreakpointTable
  var line: ConsoleLine
  /// The receiver's memory, which serves as scratch memory once a request has been read.
  let requests: ByteBuffer
  /// For one instruction.
  let instruction: ByteBuffer
  /// For one that is restored while the other one is in use.
  let spareInstruction: ByteBuffer
  /// Whether the last client is still to acknowledge the answer to its `D`.
  var awaitsLastAcknowledgement = false

  /// - Safety: `storage` must be valid, and used by nobody else, as long as the stub is.
  ///
  /// - Parameters:
  ///   - target: the machine to serve, which is running.
  ///   - storage: memory for packets: the largest packet is about half as long. 8 KiB are plenty, and with
  ///     less than ``smallestStorage`` not every request can be answered.
  @unsafe
  public init(target: Target, storage: UnsafeMutableRawBufferPointer) {
    let all = unsafe ByteBuffer(storage)
    let console = 8
    let table = console &+ ConsoleLine.longest
    let packets = all.part(from: table &+ BreakpointTable.size)
    let longest = max(0, (packets.count &- Framing.overhead) / 2)
    self.target = target
    instruction = all.part(from: 0, limit: 4)
    spareInstruction = all.part(from: 4, limit: 4)
    line = ConsoleLine(buffer: all.part(from: console, limit: ConsoleLine.longest))
    breakpoints = BreakpointTable(memory: all.part(from: table, limit: BreakpointTable.size))
    requests = packets.part(from: 0, limit: longest)
    receiver = PacketReceiver(buffer: requests)
    writer = PacketWriter(buffer: packets.part(from: longest), encodesRuns: true)
  }

  /// In bytes: `G` and the answers to `g` and `qSupported` fit.
  public static var smallestStorage: Int { 2048 }

  /// Whether a client is attached.
  public var isAttached: Bool { session.isAttached }

  /// Whether the target is stopped, as far as the stub knows.
  public var isStopped: Bool { execution.isStopped }

  /// Whether the stub has put a software breakpoint at `address`.
  public func hasBreakpoint(at address: UInt64) -> Bool {
    breakpoints.index(of: address) != nil
  }
}

/// Whether the target runs.
enum Execution: Equatable {
  case running
  case stopped(StopReason)

  var isStopped: Bool { self != .running }
}

/// `vCont;rSTART,END`: a thread is stepped as long as it is there.
struct SteppingRange {
  let start: UInt64
  /// The first address behind it.
  let end: UInt64
  let thread: ThreadID
}
