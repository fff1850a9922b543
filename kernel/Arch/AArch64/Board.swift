/// What the processor's side of the kernel needs of the board it is on.
public protocol Board: Sendable {
  /// Name of the board, as the kernel descriptor gives it.
  static var name: StaticString { get }

  /// Sets the trigger of a masked interrupt, and forgets an edge that it had.
  func configure(interrupt: UInt64, isEdge: Bool)

  /// Keeps an interrupt from being signalled.
  func mask(interrupt: UInt64)

  /// Lets an interrupt be signalled.
  func unmask(interrupt: UInt64)
}
