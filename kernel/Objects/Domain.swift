/// What a Domain is doing.
public enum DomainState: UInt32, Sendable {
  case inactive = 0
  case ready = 1
  case blockedOnSend = 2
  case blockedOnReceive = 3
  /// It called, or faulted, and waits for the answer.
  case blockedOnReply = 4
  case blockedOnNotification = 5
  /// It could run, and a debugger keeps it from that.
  case held = 6
  /// It lent its time to another Domain, and waits to have it back.
  case lending = 7

  public var name: StaticString {
    switch self {
    case .inactive: "inactive"
    case .ready: "ready"
    case .blockedOnSend: "blocked-on-send"
    case .blockedOnReceive: "blocked-on-receive"
    case .blockedOnReply: "blocked-on-reply"
    case .blockedOnNotification: "blocked-on-notification"
    case .held: "held"
    case .lending: "lending"
    }
  }
}

/// Whether a debugger keeps a Domain from executing, whatever its state.
public enum DomainHold: UInt32, Sendable {
  case none = 0
  case held = 1
  /// It is let go for one instruction when it is next dispatched.
  case stepping = 2
  /// Its one instruction entered the kernel: it is held when it comes back.
  case stepped = 3

  public var name: StaticString {
    switch self {
    case .none: "none"
    case .held: "held"
    case .stepping: "stepping"
    case .stepped: "stepped"
    }
  }
}

/// Why a Domain that lent its time has it back.
public enum RunReason: UInt64, Sendable {
  /// Nobody can run on it: the borrower waits. Detail: its `DomainState`.
  case blocked = 1
  /// The time until which it was lent has come.
  case expired = 2
  /// The lender's bound Notification was signalled; the badge has the events.
  case event = 3
  /// The borrower faulted, and no handler took it up. Detail: its `FaultKind`.
  case faulted = 4
  /// The borrower was suspended or destroyed, or never started.
  case stopped = 5
  /// The borrower, or whoever served it, yielded.
  case yielded = 6
  /// The slot itself is over, or was taken away, or went back to somebody who had lent it to the lender.
  case sliceEnded = 7
}

/// Why a Domain stopped without asking to.
public enum FaultKind: UInt32, Sendable {
  case none = 0
  case instructionAbort = 1
  case dataAbort = 2
  case alignment = 3
  case undefinedInstruction = 4
  case unknownSystemCall = 5
  case breakpoint = 6
  case other = 7

  public var name: StaticString {
    switch self {
    case .none: "none"
    case .instructionAbort: "instruction-abort"
    case .dataAbort: "data-abort"
    case .alignment: "alignment"
    case .undefinedInstruction: "undefined-instruction"
    case .unknownSystemCall: "unknown-system-call"
    case .breakpoint: "breakpoint"
    case .other: "other"
    }
  }
}

/// What gets processor time. It begins with its saved registers, since the trap code stores there.
public struct Domain: Sendable {
  public var registers: RegisterFrame
  public var _alignment: UInt64

  // The Domain's own capability slots; 32-byte aligned, in the order of `Domain.OwnSlot`.
  public var cnodeRoot: Slot
  public var protectionDomain: Slot
  public var faultEndpoint: Slot
  /// Parent of the reply that this Domain's call handed out.
  public var replyMaster: Slot
  /// The right to answer whoever called this Domain last.
  public var caller: Slot
  /// The Frame whose first bytes are its `ControlBlock`, if it has one.
  public var controlBlock: Slot

  // What calls look at is up here: one instruction reaches two words that lie no more than 512 bytes from the start.
  public var state: UInt32
  public var faultKind: UInt32
  /// Object it is queued on; 0 is none.
  public var blockedOn: UInt64
  /// Domain whose caller slot holds the reply to this one, while it is blocked on that; 0 is none. Its slices run
  /// that Domain meanwhile.
  public var servedBy: UInt64
  /// Neighbours in that object's queue.
  public var queueNext: UInt64
  public var queuePrevious: UInt64
  /// Badge of the capability it is sending through.
  public var sendBadge: UInt64
  /// ESR_EL1 of the last fault.
  public var faultSyndrome: UInt64
  /// FAR_EL1 of the last fault.
  public var faultAddress: UInt64
  /// `MessageFlags` of the blocked operation.
  public var messageFlags: UInt32
  /// Slots of the slice vector bound to it.
  public var boundSlices: UInt32
  /// Notification whose signals also end this Domain's receive; 0 is none.
  public var boundNotification: UInt64
  /// Slice ticks charged to it while it ran.
  public var ticks: UInt64
  /// UTF-8, zero padded.
  public var name: InlineArray<16, UInt8>
  /// `DomainHold`.
  public var hold: UInt32
  /// Why it is held, and at which access, in the words of whoever holds it.
  public var holdReason: UInt32
  public var holdAddress: UInt64
  /// While it is lending: the Domain that runs on its time, and who lent that time to it before, 0 if it is the slot's.
  public var lentTo: UInt64
  public var lender: UInt64
  /// Timer count at which it has its time back, however much of the slot is left.
  public var lendUntil: UInt64

  /// log2 of the size of a Domain object in bytes. The first half is for these fields, the second for what is used less:
  /// a `FloatingPointState`.
  public static let sizeBits: UInt64 = 11
  /// Offset in bytes of the `FloatingPointState`, a multiple of 16.
  public static var floatingPointOffset: UInt64 { 1 &<< (sizeBits &- 1) }
  public static let ownSlotCount: UInt64 = 6
  public static var nameOffset: UInt64 {
    UInt64(truncatingIfNeeded: MemoryLayout<Domain>.offset(of: \.name) ?? 0)
  }
  /// Offset in bytes of the first of a Domain's own slots.
  public static var ownSlotOffset: UInt64 {
    UInt64(truncatingIfNeeded: MemoryLayout<Domain>.offset(of: \.cnodeRoot) ?? 0)
  }

  /// A Domain's own capability slots by position.
  public enum OwnSlot: UInt64, Sendable {
    case cnodeRoot, protectionDomain, faultEndpoint, replyMaster, caller, controlBlock
  }
}

/// How a blocked sender or receiver is to be served.
public struct MessageFlags: BitSet {
  public let rawValue: UInt32
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// It waits for an answer after its message was taken.
  public static let isCall = MessageFlags(rawValue: 1)
  /// Its endpoint capability has the grant right.
  public static let canGrant = MessageFlags(rawValue: 2)
  /// The message is the report of a fault.
  public static let isFault = MessageFlags(rawValue: 4)
}

// `allCases` is an array, which the kernel cannot have.
#if !hasFeature(Embedded)
  extension DomainState: CaseIterable {}
  extension DomainHold: CaseIterable {}
  extension FaultKind: CaseIterable {}
  extension Domain.OwnSlot: CaseIterable {}
#endif
