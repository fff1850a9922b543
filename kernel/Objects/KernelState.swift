/// One slot of the processor's slice vector.
public struct SliceEntry: Sendable {
  /// Domain bound to it; 0 is none.
  public var domain: UInt64
  /// Times that the vector came to it and somebody could run. Of the time that they had together, what was neither
  /// used nor lent was lost: the slot ended early.
  public var ticks: UInt64
  /// Timer counts that its Domain used, with whoever served its calls and interrupts meanwhile.
  public var used: UInt64
  /// Timer counts that its Domain lent to others.
  public var lent: UInt64
  /// Domain that it was lent to last; 0 is none. Only a name: it may be gone.
  public var borrower: UInt64
  public var _reserved0: UInt64
  public var _reserved1: UInt64
  public var _reserved2: UInt64
}

/// One interrupt line.
public struct IRQEntry: Sendable {
  /// The badged Notification capability that the line signals.
  public var notification: Slot
  /// `IRQFlags`.
  public var flags: UInt32
  /// One more than the timer counts that handlers may take of others' slots in a window, which is as long as a slot; 0
  /// is the default. (A line that nobody has touched is all zeros, which a debugger reads at no cost.)
  public var limit: UInt32
  /// Interrupts delivered since boot.
  public var count: UInt64
  /// Timer counts that they took in the present window, without what goes on.
  public var spent: UInt64
  /// Timer count at which that began.
  public var window: UInt64
}

extension IRQEntry {
  /// The budget of a line for which none was set, in timer counts.
  public static func defaultBudget(tickCounts: UInt64) -> UInt64 { tickCounts / 10 }
}

/// State of an interrupt line as the kernel keeps it.
public struct IRQFlags: BitSet {
  public let rawValue: UInt32
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// An IRQHandler capability exists.
  public static let issued = IRQFlags(rawValue: 1)
  /// Edge triggered; level sensitive otherwise.
  public static let edge = IRQFlags(rawValue: 2)
  /// Delivered and not yet acknowledged by its handler.
  public static let masked = IRQFlags(rawValue: 4)
  /// Served by the kernel itself (timer, debug channel).
  public static let kernel = IRQFlags(rawValue: 8)
  /// The budget kept its handler from running at once, or from going on, when it was last woken.
  public static let throttled = IRQFlags(rawValue: 16)
}

/// A range of physical memory and what boot made of it.
public struct MemoryRegion: Sendable {
  public var base: UInt64
  public var size: UInt64
  /// `MemoryRegionKind`.
  public var kind: UInt64

  @inlinable
  public init(base: UInt64, size: UInt64, kind: MemoryRegionKind) {
    self.base = base
    self.size = size
    self.kind = UInt64(kind.rawValue)
  }
}

public enum MemoryRegionKind: UInt32, Sendable {
  case unused = 0
  case ram = 1
  case device = 2
  /// The kernel's image, tables and bookkeeping.
  case kernel = 3

  public var name: StaticString {
    switch self {
    case .unused: "unused"
    case .ram: "ram"
    case .device: "device"
    case .kernel: "kernel"
    }
  }
}

/// Everything the kernel knows that is not inside an object: the roots from which a debugger starts.
public struct KernelState: Sendable {
  /// Parent of every initial capability: the root of the derivation tree.
  public var origin: Slot
  /// Passing place for two capabilities that change places; empty outside an entry.
  public var spare: Slot
  /// Place of the zombie that a Domain's own capability became when the Domain was given another.
  public var grave: Slot
  /// Odd while the kernel changes its objects: half of it is the number of kernel entries since boot.
  public var epoch: UInt64
  /// Domain whose registers the processor holds; 0 while idle.
  public var current: UInt64
  /// Physical address of the translation table in TTBR0.
  public var activeRoot: UInt64
  /// The same, if leaving for a Domain whose table it is takes nothing else; `unsettledRoot` while the current Domain may
  /// use floating-point registers, which ends when another one runs.
  public var settledRoot: UInt64
  /// Translation table with no entries, for a Domain that has no ProtectionDomain.
  public var emptyRoot: UInt64
  public var rootCNode: UInt64
  public var rootDomain: UInt64
  /// Physical address of `tableGenerations`, one UInt32 a page from `generationBase` on; non-zero while the
  /// page is a translation table.
  public var generations: UInt64
  public var generationBase: UInt64
  /// Number of entries.
  public var generationCount: UInt64
  /// Generation to be given next.
  public var nextGeneration: UInt64
  /// Slot number of the zombie that is being destroyed, the topmost of their stack; 0 is none.
  public var destruction: UInt64
  /// Where an unfinished `cancelBadgedSends` goes on: the Endpoint and the badge it is about, and the sender it looks
  /// at next; 0 is none.
  public var cancelledEndpoint: UInt64
  public var cancelledBadge: UInt64
  public var cancellation: UInt64
  /// No word of `asids` before this one has a bit that is clear; at most their number.
  public var asidHint: UInt64
  /// Domain whose floating-point registers the processor holds, whether it may use them now or not; 0 is none.
  public var floatingPointOwner: UInt64
  /// Slot of the slice vector whose time is being used.
  public var currentSlice: UInt64
  /// Slots that were used to their end since boot.
  public var ticks: UInt64
  /// Timer count at which the present slot ends; 0 if there is none.
  public var sliceEnd: UInt64
  /// Timer count up to which all time is accounted for.
  public var accounted: UInt64
  /// Domain on whose account the time since then goes; 0 while idle.
  public var account: UInt64
  /// Domain that lent of the present slot last; 0 is none.
  public var lender: UInt64
  /// `IRQEntry` whose handler, or who serves it, runs in a slot that is somebody else's; 0 is none.
  public var served: UInt64
  /// Timer counts: up to which that is in the line's `spent`, and at which the line's budget is used.
  public var servedSince: UInt64
  public var serviceEnd: UInt64
  public var _reserved: UInt64
  /// Timer counts on no slot's account: no Domain could run, or none but the handler of
  /// an interrupt, or the timer was late, or a debugger held the machine.
  public var idle: UInt64
  public var regions: InlineArray<16, MemoryRegion>
  public var slices: InlineArray<64, SliceEntry>
  /// Bit n of word n / 64: ASID n is taken.
  public var asids: InlineArray<1024, UInt64>
  public var irqs: InlineArray<256, IRQEntry>

  /// No table's address: none has this sign.
  public static let unsettledRoot = UInt64.max
  @inlinable
  public var isSettled: Bool { @inline(__always) get { Int64(bitPattern: settledRoot) >= 0 } }
  public static let sliceCount: UInt64 = 64
  public static let irqCount: UInt64 = 256
  public static let asidCount: UInt64 = 65536
  // Offsets in bytes of what is addressed as an object of its own. Computed: a stored one would be looked up and
  // initialised at run time.
  public static var spareOffset: UInt64 {
    UInt64(truncatingIfNeeded: MemoryLayout<KernelState>.offset(of: \.spare) ?? 0)
  }
  public static var graveOffset: UInt64 {
    UInt64(truncatingIfNeeded: MemoryLayout<KernelState>.offset(of: \.grave) ?? 0)
  }
  public static var slicesOffset: UInt64 {
    UInt64(truncatingIfNeeded: MemoryLayout<KernelState>.offset(of: \.slices) ?? 0)
  }
  public static var asidsOffset: UInt64 {
    UInt64(truncatingIfNeeded: MemoryLayout<KernelState>.offset(of: \.asids) ?? 0)
  }
  public static var irqsOffset: UInt64 {
    UInt64(truncatingIfNeeded: MemoryLayout<KernelState>.offset(of: \.irqs) ?? 0)
  }
}

// `allCases` is an array, which the kernel cannot have.
#if !hasFeature(Embedded)
  extension MemoryRegionKind: CaseIterable {}
#endif
