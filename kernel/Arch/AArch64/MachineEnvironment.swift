/// What an image puts around the processor. All of it is static, so that a machine is a value of no size and a
/// kernel on it fits in a register.
public protocol MachineEnvironment {
  associatedtype BoardType: Board

  /// The board, whose devices are enabled.
  static var board: BoardType { get }

  /// Timer counts in a slice tick.
  static var tickCounts: UInt64 { get }

  /// Takes one byte of console text.
  static func putChar(_ byte: UInt8)
}
