/// What the stub must know of a processor: the names and sizes of its registers and its breakpoint
/// instruction.
///
/// Registers are numbered from 0 without a gap, in the order of ``description``, and hold at most 16 bytes.
/// Little-endian.
public protocol StubArchitecture {
  /// `target.xml`, in the format of the GDB manual's appendix "Target Descriptions".
  static var description: StaticString { get }

  /// How many registers there are.
  static var registerCount: Int { get }

  /// How many of them, from the first on, the packets `g` and `G` carry: those that a user changes.
  static var generalRegisterCount: Int { get }

  /// The size of a register in bytes.
  static func size(ofRegister number: Int) -> Int

  /// The number of the program counter.
  static var programCounter: Int { get }

  /// Two more registers to send with each stop, as gdb asks for them first: stack and frame pointer.
  static var expedited: (Int, Int) { get }

  /// The instruction that traps to the debugger, in the low bytes.
  static var breakpointInstruction: UInt32 { get }

  /// Its size in bytes, at most 4; breakpoints must be aligned to it.
  static var breakpointLength: Int { get }
}
