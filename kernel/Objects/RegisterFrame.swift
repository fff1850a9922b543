/// The saved general registers of an interrupted context, in the order the trap code stores them.
///
/// 280 bytes, 35 words; the order up to `pstate` is also GDB's `org.gnu.gdb.aarch64.core`.
public struct RegisterFrame: Sendable {
  /// x0...x30.
  public var x: InlineArray<31, UInt64>
  public var sp: UInt64
  public var pc: UInt64
  /// SPSR_EL1's format (Arm ARM, C5.2.20).
  public var pstate: UInt64
  /// TPIDR_EL0.
  public var tpidr: UInt64

  /// Number of 64-bit registers in the frame.
  public static let count = 35
  /// Position of `pc` among them.
  public static var pcIndex: UInt64 { 32 }
  /// Position of `pstate` among them.
  public static var pstateIndex: UInt64 { 33 }

  @inlinable
  public init() {
    x = InlineArray(repeating: 0)
    sp = 0
    pc = 0
    pstate = 0
    tpidr = 0
  }
}
