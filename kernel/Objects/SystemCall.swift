/// Numbers of the system calls, passed in x8.
///
/// Arguments: x0 capability pointer, x1 `MessageInfo`, x2...x7 the words, x9 the capability pointer of a
/// capability to be passed along, x10 the capability pointer of the empty slot that takes a received one.
/// Results: x0 `Status`, x1 `MessageInfo`, x2...x7 the words, x8 the badge.
public enum SystemCall: UInt64, Sendable {
  case call = 1
  case replyReceive = 2
  case send = 3
  case nonBlockingSend = 4
  case receive = 5
  case nonBlockingReceive = 6
  case reply = 7
  case yield = 8
  /// x0 context of the caller's control block that it goes on with, unless events wait: then x8 has them.
  case activationReturn = 9
}

/// Describes a message: how many words count, whether a capability comes with it, and a label.
public struct MessageInfo: Equatable, Sendable {
  public var word: UInt64

  /// 0...6.
  public static let lengthField = BitField(shift: 0, width: 3)
  public static let capabilityField = BitField(shift: 3, width: 1)
  public static let labelField = BitField(shift: 8, width: 56)
  public static let maximumLength: UInt64 = 6

  @inlinable
  public init(word: UInt64) { self.word = word }

  @inlinable
  public init(label: UInt64, length: UInt64 = 0, hasCapability: Bool = false) {
    word =
      Self.labelField.pack(label) | Self.lengthField.pack(length)
      | Self.capabilityField.pack(hasCapability ? 1 : 0)
  }

  @inlinable
  public var label: UInt64 { word &>> 8 }

  @inlinable
  public var length: UInt64 {
    let length = Self.lengthField.read(word)
    return length > Self.maximumLength ? Self.maximumLength : length
  }

  @inlinable
  public var hasCapability: Bool { Self.capabilityField.read(word) != 0 }
}

/// Result of a system call in x0. A refusal changes nothing; x2 then tells which argument was wrong (0 is the
/// capability itself, n is word n - 1) and x3 a detail.
public enum Status: UInt64, Error, Sendable {
  case ok = 0
  /// The capability pointer resolves to no capability; detail: bits resolved.
  case invalidCapability = 1
  /// The capability is of another type than is needed here; detail: its type.
  case wrongType = 2
  /// The object has no such invocation; detail: the label.
  case invalidInvocation = 3
  case invalidArgument = 4
  /// Out of range; detail: first value that is too large.
  case outOfRange = 5
  case misaligned = 6
  /// The destination slot is not empty.
  case slotOccupied = 7
  /// The source slot is empty.
  case slotEmpty = 8
  /// Something is still derived from it.
  case hasChildren = 9
  /// Detail: bytes that are left.
  case notEnoughMemory = 10
  /// Detail: the rights that are missing.
  case missingRight = 11
  /// Detail: level of the table that is missing.
  case missingTable = 12
  case alreadyMapped = 13
  case notMapped = 14
  /// A non-blocking operation found no partner, or no call waits for an answer.
  case noPartner = 15
  /// The endpoint or the partner was destroyed while waiting.
  case cancelled = 16
  /// Nothing of this kind is left (ASIDs).
  case exhausted = 17
  /// The Domain lacks what it needs to run.
  case notConfigured = 18
  case unknownSystemCall = 19

  public var name: StaticString {
    switch self {
    case .ok: "ok"
    case .invalidCapability: "invalid-capability"
    case .wrongType: "wrong-type"
    case .invalidInvocation: "invalid-invocation"
    case .invalidArgument: "invalid-argument"
    case .outOfRange: "out-of-range"
    case .misaligned: "misaligned"
    case .slotOccupied: "slot-occupied"
    case .slotEmpty: "slot-empty"
    case .hasChildren: "has-children"
    case .notEnoughMemory: "not-enough-memory"
    case .missingRight: "missing-right"
    case .missingTable: "missing-table"
    case .alreadyMapped: "already-mapped"
    case .notMapped: "not-mapped"
    case .noPartner: "no-partner"
    case .cancelled: "cancelled"
    case .exhausted: "exhausted"
    case .notConfigured: "not-configured"
    case .unknownSystemCall: "unknown-system-call"
    }
  }
}

// `allCases` is an array, which the kernel cannot have.
#if !hasFeature(Embedded)
  extension SystemCall: CaseIterable {}
  extension Status: CaseIterable {}
#endif
