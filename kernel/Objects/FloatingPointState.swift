/// The floating-point and SIMD registers of a Domain while the processor does not hold them.
///
/// All zero, as a new Domain has it, is also what the registers are to a program that begins: rounding to nearest, no
/// trapped exceptions (FPCR; Arm ARM, C5.2.8).
public struct FloatingPointState: Sendable {
  public var fpsr: UInt64
  public var fpcr: UInt64
  /// v0...v31, two words each, the low one first.
  public var v: InlineArray<64, UInt64>

  /// Numbers of the state's words among a Domain's registers (`domainReadRegisters`): FPSR, FPCR, and from 64 on two for
  /// each of v0...v31.
  public static var registers: Range<UInt64> { 62..<128 }
}
