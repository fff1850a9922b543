public import GDBStub

/// The stub's knowledge of AArch64.
public enum AArch64: StubArchitecture {
  /// Core registers as gdb requires them, floating-point and SIMD registers, and the system registers.
  public static var description: StaticString { AArch64Description.xml }

  /// x0 to CurrentEL.
  public static var registerCount: Int { AArch64Register.count }

  /// x0 to cpsr. The vectors would make each stop 1 KiB longer on the line; clients read them when they want them.
  public static var generalRegisterCount: Int { AArch64Register.processorState.number &+ 1 }

  /// 8, but 16 of vectors, and 4 of cpsr, fpsr and fpcr.
  public static func size(ofRegister number: Int) -> Int {
    switch AArch64Register(number: number) {
    case .vector: 16
    case .processorState, .floatingPointStatus, .floatingPointControl: 4
    default: 8
    }
  }

  /// pc.
  public static var programCounter: Int { AArch64Register.programCounter.number }

  /// sp and x29.
  public static var expedited: (Int, Int) {
    (AArch64Register.stackPointer.number, AArch64Register.general(29).number)
  }

  /// `brk #0` (Arm ARM C6.2, BRK); ESR_EL1.ISS holds the 0 then, by which other users of BRK can be told
  /// apart.
  public static var breakpointInstruction: UInt32 { 0xd420_0000 }

  /// 4: every A64 instruction is.
  public static var breakpointLength: Int { 4 }
}
