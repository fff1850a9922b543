/// What a capability's holder may do with the object.
///
/// `grant` on an endpoint lets a message carry a capability; on a frame or a segment the same bit is
/// `execute`.
public struct Rights: BitSet {
  public let rawValue: UInt8

  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue & 7 }

  public static let read = Rights(rawValue: 1)
  public static let write = Rights(rawValue: 2)
  public static let grant = Rights(rawValue: 4)
  public static let execute = Rights(rawValue: 4)
  public static let all = Rights(rawValue: 7)
}
