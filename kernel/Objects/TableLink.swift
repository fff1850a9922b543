/// Where a Frame, Segment or PageTable capability is entered in a translation table: the second word of the
/// capability.
///
/// The table is named by its page; the generation in the capability's slot says which of the tables that have
/// lived in that page was meant, so a link into a table that is gone can never reach its successor.
public struct TableLink: Equatable, Sendable {
  /// Page number (physical address / 4096) of the table that holds the entry.
  public static let pageField = BitField(shift: 0, width: 32)
  public static let indexField = BitField(shift: 32, width: 9)
  /// ASID for which the entry may be cached; unused by frames, whose entries serve all ASIDs.
  public static let asidField = BitField(shift: 41, width: 16)
  /// Level of the table that was entered, 1...3 (PageTable and Segment).
  public static let levelField = BitField(shift: 57, width: 2)
  public static let linkedField = BitField(shift: 63, width: 1)

  public var word: UInt64

  @inlinable
  public init(word: UInt64) { self.word = word }

  /// - Parameters:
  ///   - table: physical address of the table that holds the entry.
  ///   - index: entry in it, 0...511.
  ///   - asid: for which the entry may be cached, 0 for a frame.
  ///   - level: of the table that is entered, 1...3.
  @inlinable
  public init(table: UInt64, index: UInt64, asid: UInt64 = 0, level: UInt64 = 3) {
    word =
      Self.pageField.pack(table &>> 12) | Self.indexField.pack(index) | Self.asidField.pack(asid)
      | Self.levelField.pack(level) | Self.linkedField.pack(1)
  }

  @inlinable
  public var isLinked: Bool { word &>> 63 != 0 }

  /// Physical address of the table that holds the entry.
  @inlinable
  public var table: UInt64 { Self.pageField.read(word) &<< 12 }

  @inlinable
  public var index: UInt64 { Self.indexField.read(word) }

  @inlinable
  public var asid: UInt64 { Self.asidField.read(word) }

  @inlinable
  public var level: UInt64 { Self.levelField.read(word) }
}

extension Capability {
  /// The link of a Frame, Segment or PageTable capability. Setting keeps the device bit.
  @inlinable
  public var link: TableLink {
    get { TableLink(word: word1) }
    set {
      let device = word1 & (Self.deviceField.mask &<< UInt64(Self.deviceField.shift))
      word1 = newValue.word | device
    }
  }
}
