/// Names a slot of the domain's own capability space: the 64 bits that the kernel resolves from the CNode root
/// on. It is only a name; what it allows is decided by the kernel at each use.
public struct CapabilityPointer: RawRepresentable, Equatable, Sendable {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// No capability: slot 0 stays empty in every domain.
  public static let none = CapabilityPointer(rawValue: 0)
}

/// A capability pointer whose holder believes to know what it names, and so may offer that object's operations.
public protocol TypedCapability: Equatable, Sendable {
  var pointer: CapabilityPointer { get }
  init(_ pointer: CapabilityPointer)
}
