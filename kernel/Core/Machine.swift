/// What the portable kernel needs of a processor and its board. The image provides one; so does the host, for
/// tests.
///
/// All addresses of memory are physical; `DirectMap.offset` makes them reachable.
public protocol MachineInterface {
  // MARK: memory and translation

  /// Clears `count` bytes, a multiple of 32, as is `address`. It is quickest where both are multiples of a cache line.
  func zero(_ address: UInt64, count: UInt64)

  /// Makes descriptors that became valid visible to the table walker.
  func publishDescriptors()

  /// Forgets the translation of one page for all ASIDs (a level-3 descriptor changed).
  func invalidatePage(virtual: UInt64)

  /// Forgets all that is cached for an ASID (a descriptor of level 0...2 changed, or it is recycled).
  func invalidate(asid: UInt64)

  /// Makes instructions written to the range visible to instruction fetch.
  func synchronizeInstructions(_ address: UInt64, count: UInt64)

  /// User addresses are translated through `root` from now on.
  func activate(root: UInt64, asid: UInt64)

  // MARK: floating-point registers

  /// Lets the kernel and user code use the floating-point and SIMD registers from now on.
  func allowFloatingPoint()

  /// Makes their use an exception, which calls `handleFloatingPointAccess`.
  func trapFloatingPoint()

  /// Copies what the registers hold to the `FloatingPointState` at an address. They are allowed.
  func saveFloatingPoint(to address: UInt64)

  /// Sets the registers from the `FloatingPointState` at an address. They are allowed.
  func loadFloatingPoint(from address: UInt64)

  // MARK: interrupts

  /// Sets the trigger of a line (edge or level) while it is masked, and forgets an edge that it had.
  func configure(irq: UInt64, isEdge: Bool)
  func mask(irq: UInt64)
  func unmask(irq: UInt64)

  // MARK: time

  /// The timer's counts since some moment before boot.
  var now: UInt64 { get }

  /// Counts in a slot of the slice vector.
  var tickCounts: UInt64 { get }

  /// Has `tick` called when the count has reached `deadline`, in place of what was wanted before, unless ticks are
  /// stopped.
  func interrupt(at deadline: UInt64)

  /// Ticks are wanted; they may be already.
  func startTick()

  /// No tick is wanted until `startTick`: the processor idles.
  func stopTick()

  // MARK: long operations

  /// How much a kernel entry may do of an operation without a small bound, in units of about 16 instructions; at least
  /// one step is done always.
  var workLimit: UInt64 { get }

  // MARK: the debug channel

  /// One byte of console text.
  func putChar(_ byte: UInt8)
}
