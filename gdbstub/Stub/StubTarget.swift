public import GDBProtocol

/// What the stub needs of the machine that it serves: a line out, memory, registers and threads.
///
/// The stub calls these only from within its own methods, so that the target decides when that may happen: in
/// Vesper on entry from the UART's interrupt, when the kernel is at rest, and in the loop of a stopped
/// system. A target's method must not call the stub back. When the target is stopped, every thread of it is; some
/// targets can also hold threads one by one.
public protocol StubTarget {
  /// The processor's registers and breakpoint instruction.
  associatedtype Architecture: StubArchitecture

  // MARK: The line

  /// Puts one byte on the line, waiting until there is room.
  mutating func send(_ byte: UInt8)

  // MARK: Memory

  /// Reads memory from virtual address `address` on into all of `bytes`, as far as it can be read without a
  /// fault.
  ///
  /// An aligned request of 1, 2, 4 or 8 bytes should be one access of that size, for device registers. What
  /// an address means should not depend on which thread happens to run.
  ///
  /// - Returns: how many bytes were read, from 0 to `bytes.count`.
  mutating func readMemory(_ address: UInt64, into bytes: ByteBuffer) -> Int

  /// Writes `bytes` to memory, even where it is mapped read-only if that can be done (code is, and
  /// breakpoints are written by this), and makes instruction fetches see them.
  ///
  /// - Returns: how many bytes were written, from 0 to `bytes.count`.
  mutating func writeMemory(_ address: UInt64, from bytes: ByteBuffer) -> Int

  // MARK: Registers (of a stopped target)

  /// The value of a register in the numbering of ``Architecture``, or nil if it cannot be known.
  mutating func readRegister(_ number: Int, of thread: ThreadID) -> RegisterContents?

  /// Sets a register.
  ///
  /// - Returns: false if this one cannot be written.
  mutating func writeRegister(_ number: Int, of thread: ThreadID, to value: RegisterContents) -> Bool

  // MARK: Threads

  /// The thread that the processor was executing when the target stopped, or when the UART's interrupt came.
  var currentThread: ThreadID { get }

  /// The thread after `thread` in any fixed order, the first one after nil; nil at the end, or if `thread`
  /// does not exist.
  func thread(after thread: ThreadID?) -> ThreadID?

  /// Whether a thread exists.
  func isAlive(_ thread: ThreadID) -> Bool

  /// Writes what a user should know of a thread, such as its name and state, for `info threads`.
  func describe(_ thread: ThreadID, in text: inout ReplyText)

  // MARK: Threads that are held one by one (non-stop mode)

  /// Whether one thread can be held while others run.
  static var holdsThreads: Bool { get }

  /// Whether `thread` can.
  func canHold(_ thread: ThreadID) -> Bool

  /// Keeps a thread from running, and remembers why; the client has not been told.
  ///
  /// - Returns: false if it cannot be held.
  mutating func hold(_ thread: ThreadID, for reason: StopReason) -> Bool

  /// Why a thread is held; nil if it is not.
  func hold(of thread: ThreadID) -> ThreadHold?

  /// Remembers of a held thread whether the client knows.
  mutating func setTold(_ isTold: Bool, of thread: ThreadID)

  /// Lets a held thread go. After a step it is held again, and the owner calls ``GDBStub/announceStop()``.
  mutating func release(_ thread: ThreadID, _ how: Resumption)

  // MARK: What not every target has

  /// Whether a software breakpoint may be at `address`.
  func allowsBreakpoint(at address: UInt64) -> Bool

  /// Sets a hardware breakpoint or a watchpoint over `length` bytes. Setting the same one twice is no error.
  mutating func insert(_ kind: HardwareBreakpoint, at address: UInt64, length: UInt64)
    -> HardwareBreakpointAnswer

  /// Removes what ``insert(_:at:length:)`` set.
  mutating func remove(_ kind: HardwareBreakpoint, at address: UInt64, length: UInt64)
    -> HardwareBreakpointAnswer

  /// Removes all hardware breakpoints and watchpoints: the client that set them is gone.
  mutating func removeAllHardwareBreakpoints()

  /// Executes a command that the user typed after `monitor`, and writes its answer as text.
  ///
  /// - Returns: false if there is no such command.
  mutating func monitor(_ command: ByteBuffer, answer: inout ReplyText) -> Bool

  /// The tables of the operating system's objects that can be asked for, by their position; nil after the last.
  static func table(at index: Int) -> OSTable?

  /// Writes the rows of the table at `index`. It is called for each part of a long table anew.
  func writeRows(ofTable index: Int, into rows: inout TableRows)

  /// The addresses that are worth asking for, by position: no two overlap. Nil after the last; a target that
  /// gives none leaves the question open.
  func memoryMapRegion(at index: Int) -> MemoryMapRegion?

  /// Whether a ``Directive/reset`` can be carried out.
  var canReset: Bool { get }

  /// The kernel's description of its own data (`qvesper.Descriptor`), only read by the stub; nil if there is
  /// none.
  var descriptor: ByteBuffer? { get }

  /// The counter that is odd while the kernel changes its objects (`qvesper.Epoch`); nil if there is none.
  var epoch: UInt64? { get }

  /// Where the kernel's objects are in memory, one after the other.
  associatedtype Objects: IteratorProtocol<MemoryMapRegion> = EmptyCollection<MemoryMapRegion>.Iterator

  /// All that a debugger reads to show the kernel's objects (`qvesper.Objects`); nil if it must find out by itself.
  func objects() -> Objects?
}
