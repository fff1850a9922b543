/// What the root domain is told at its start: x0 holds the virtual address of this page, which it may only read.
public struct BootInfo: Sendable {
  /// `BootInfo.magicValue`.
  public var magic: UInt64
  /// Slots of the root CNode that boot left empty: the first, and one past the last.
  public var firstFreeSlot: UInt64
  public var slotCount: UInt64
  /// Virtual address and size in bytes of the userland image, mapped for reading.
  public var imageAddress: UInt64
  public var imageSize: UInt64
  /// Capability pointer of the frame that holds the image's first page; the others follow.
  public var firstImageFrame: UInt64
  public var imageFrameCount: UInt64
  /// Virtual addresses not used by boot in the root's last segment: first and one past the last.
  public var freeAddress: UInt64
  public var freeAddressEnd: UInt64
  /// Capability pointer of the segment those belong to.
  public var freeSegment: UInt64
  /// Capability pointer of the first Untyped; the others follow.
  public var firstUntyped: UInt64
  public var untypedCount: UInt64
  public var untypeds: InlineArray<128, BootUntyped>

  /// "VSPRBOOT" in memory.
  public static let magicValue: UInt64 = 0x544f_4f42_5250_5356
  public static let untypedLimit: UInt64 = 128

  /// Capability pointers of the root domain's initial capabilities.
  public enum RootSlot: UInt64, Sendable {
    case cnode = 1
    case domain = 2
    case protectionDomain = 3
    case timeSlice = 4
    case irqControl = 5
    /// Empty in an image without the debug channel.
    case debug = 6
    case bootInfoFrame = 7
    case firstDynamic = 8
  }

  /// Radix of the root CNode: 4,096 slots.
  public static let rootRadix: UInt64 = 12
}

/// One initial Untyped.
public struct BootUntyped: Sendable {
  public var address: UInt64
  public var sizeBits: UInt32
  public var isDevice: UInt32

  @inlinable
  public init(address: UInt64, sizeBits: UInt32, isDevice: Bool) {
    self.address = address
    self.sizeBits = sizeBits
    self.isDevice = isDevice ? 1 : 0
  }
}

/// Start of the userland image, whose first program is the root domain's: what boot must map with which rights.
///
/// The file begins with this header; the sections follow in this order, each page-aligned, at the same distances
/// in memory, then `archiveSize` bytes that only the root domain understands. All sizes are in bytes, multiples
/// of 4096.
public struct UserImageHeader: Sendable {
  /// `UserImageHeader.magicValue`.
  public var magic: UInt64
  /// Offset of the first instruction from the start of the file.
  public var entry: UInt64
  /// Header, constants: read only.
  public var readOnlySize: UInt64
  /// Code: read and execute.
  public var textSize: UInt64
  /// Initialised data and space for zeroed data: read and write.
  public var dataSize: UInt64
  /// Programs for the root domain to load, mapped read only.
  public var archiveSize: UInt64

  /// "VSPRUSER" in memory.
  public static let magicValue: UInt64 = 0x5245_5355_5250_5356
}

// `allCases` is an array, which the kernel cannot have.
#if !hasFeature(Embedded)
  extension BootInfo.RootSlot: CaseIterable {}
#endif
