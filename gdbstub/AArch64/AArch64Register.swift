/// A register by its number in the protocol.
public enum AArch64Register: Equatable, Sendable {
  /// x0 to x30.
  case general(Int)
  /// The stack pointer that the stopped code used: SP_EL0 or SP_EL1.
  case stackPointer
  /// Where the stopped code goes on.
  case programCounter
  /// PSTATE in the format of SPSR_EL1. (gdb calls it `cpsr`.)
  case processorState
  /// v0 to v31.
  case vector(Int)
  /// FPSR.
  case floatingPointStatus
  /// FPCR.
  case floatingPointControl
  /// A system register, read-only.
  case system(AArch64SystemRegister)

  /// Nil if there is no register of this number.
  public init?(number: Int) {
    switch number {
    case 0...30: self = .general(number)
    case 31: self = .stackPointer
    case 32: self = .programCounter
    case 33: self = .processorState
    case 34...65: self = .vector(number &- 34)
    case 66: self = .floatingPointStatus
    case 67: self = .floatingPointControl
    default:
      guard let register = AArch64SystemRegister(rawValue: number) else { return nil }
      self = .system(register)
    }
  }

  /// The register's number in the protocol.
  public var number: Int {
    switch self {
    case .general(let number): number
    case .stackPointer: 31
    case .programCounter: 32
    case .processorState: 33
    case .vector(let number): 34 &+ number
    case .floatingPointStatus: 66
    case .floatingPointControl: 67
    case .system(let register): register.rawValue
    }
  }

  static let count = AArch64SystemRegister.currentEL.rawValue + 1
}

/// The system registers of `org.vesper.aarch64.system`, by their number in the protocol. See the Arm
/// Architecture Reference Manual, chapter D19, for what they hold.
public enum AArch64SystemRegister: Int, Sendable {
  case ttbr0 = 68
  case ttbr1
  case esr
  case far
  case elr
  case spsr
  case vbar
  case sctlr
  case tcr
  case mair
  case contextidr
  case tpidr
  /// CurrentEL: the exception level in bits 3:2.
  case currentEL
}
