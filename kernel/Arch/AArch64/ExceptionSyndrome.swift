public import KernelObjects

/// ESR_EL1, which says why an exception was taken (Arm ARM, D17.2.37).
public struct ExceptionSyndrome: Sendable {
  public let word: UInt64

  public init(word: UInt64) { self.word = word }

  /// The exception classes (EC) that are told apart here.
  public enum Class: UInt64 {
    case unknown = 0x00
    case floatingPointAccess = 0x07
    case illegalState = 0x0e
    case instructionAbortFromUser = 0x20
    case instructionAbort = 0x21
    case pcAlignment = 0x22
    case dataAbortFromUser = 0x24
    case dataAbort = 0x25
    case spAlignment = 0x26
    case breakpointFromUser = 0x30
    case breakpoint = 0x31
    case stepFromUser = 0x32
    case step = 0x33
    case watchpointFromUser = 0x34
    case watchpoint = 0x35
    case breakInstruction = 0x3c
  }

  /// The class, or nil if it is none of those above.
  public var exceptionClass: Class? { Class(rawValue: word &>> 26 & 63) }

  /// Whether a debugger may have brought this about: debug exceptions, whose classes are the last ones, and the state
  /// that domains are held in.
  @inline(__always)
  public var mayBeOfDebugger: Bool {
    word &>> 26 >= Class.breakpointFromUser.rawValue || word &>> 26 == Class.illegalState.rawValue
  }

  /// Whether a floating-point or SIMD register was used and CPACR_EL1 does not allow it.
  @inline(__always)
  public var isFloatingPointAccess: Bool { word &>> 26 == Class.floatingPointAccess.rawValue }

  private static let alignmentFaultStatus: UInt64 = 0x21

  /// FnV: the abort left FAR_EL1 as it was.
  private static let addressNotValid: UInt64 = 1 &<< 10

  /// Whether FAR_EL1 belongs to this exception (Arm ARM, D17.2.40); otherwise it still tells of an earlier one,
  /// perhaps of another domain.
  public var setsFaultAddress: Bool {
    switch exceptionClass {
    case .instructionAbortFromUser, .instructionAbort, .dataAbortFromUser, .dataAbort:
      word & Self.addressNotValid == 0
    case .pcAlignment, .watchpointFromUser, .watchpoint: true
    default: false
    }
  }

  /// What the access that a watchpoint met was (ISS.WnR).
  public var watchedAccess: DebugComparator.Access { word & 1 << 6 == 0 ? .load : .store }

  /// What to tell the fault handler of the domain that took the exception.
  public var faultKind: FaultKind {
    switch exceptionClass {
    case .instructionAbortFromUser: .instructionAbort
    case .dataAbortFromUser: word & 63 == Self.alignmentFaultStatus ? .alignment : .dataAbort
    case .pcAlignment, .spAlignment: .alignment
    case .unknown, .illegalState: .undefinedInstruction
    case .breakInstruction: .breakpoint
    default: .other
    }
  }
}
