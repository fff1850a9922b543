/// One place for a capability, 32 bytes: the capability and its place in the derivation tree.
///
/// The tree is exact: `child` is the first capability derived from this one, siblings form a list whose last
/// element points back at the parent and whose first element's `previous` is the last, so every splice is a
/// constant number of writes. Links are slot numbers (physical address / 32), which bounds the memory that
/// CNodes may occupy to the first 64 GiB of physical addresses.
public struct Slot: Sendable {
  public var word0: UInt64
  public var word1: UInt64
  /// First capability derived from this one; 0 is none.
  public var child: UInt32
  /// Next sibling, or the parent if `Slot.parentTag` is set; 0 outside the tree.
  public var next: UInt32
  /// Previous sibling; the first child's is the last child.
  public var previous: UInt32
  /// Generation of the table that `TableLink` names (Frame, Segment, PageTable).
  public var generation: UInt32

  public static let parentTag: UInt32 = 0x8000_0000
  /// log2 of the slot's size.
  public static let sizeBits: UInt64 = 5
  /// First physical address at which no slot may lie.
  public static let addressLimit: UInt64 = 1 &<< 36

  @inlinable
  public init() {
    word0 = 0
    word1 = 0
    child = 0
    next = 0
    previous = 0
    generation = 0
  }

  @inlinable
  public var capability: Capability {
    get { Capability(word0: word0, word1: word1) }
    set {
      word0 = newValue.word0
      word1 = newValue.word1
    }
  }
}
