/// A stage 1 translation table descriptor of VMSAv8-64 with the 4 KiB granule (Arm ARM, D8.3).
public struct TranslationDescriptor: Equatable, Sendable {
  public var word: UInt64

  @inlinable
  public init(word: UInt64) { self.word = word }

  public static let invalid = TranslationDescriptor(word: 0)

  public static let validField = BitField(shift: 0, width: 1)
  /// Table (levels 0...2) or page (level 3); a block when clear.
  public static let tableField = BitField(shift: 1, width: 1)
  /// Index into MAIR_EL1.
  public static let attributeField = BitField(shift: 2, width: 3)
  /// AP[1]: EL0 may access.
  public static let userField = BitField(shift: 6, width: 1)
  /// AP[2]: no writes.
  public static let readOnlyField = BitField(shift: 7, width: 1)
  public static let shareabilityField = BitField(shift: 8, width: 2)
  public static let accessFlagField = BitField(shift: 10, width: 1)
  public static let notGlobalField = BitField(shift: 11, width: 1)
  public static let addressField = BitField(shift: 12, width: 36)
  public static let contiguousField = BitField(shift: 52, width: 1)
  public static let privilegedExecuteNeverField = BitField(shift: 53, width: 1)
  public static let userExecuteNeverField = BitField(shift: 54, width: 1)
  public static let privilegedExecuteNeverTableField = BitField(shift: 59, width: 1)
  public static let userExecuteNeverTableField = BitField(shift: 60, width: 1)
  /// APTable: 0b10 makes everything below read-only.
  public static let accessTableField = BitField(shift: 61, width: 2)

  @inlinable
  public var isValid: Bool { word & 1 != 0 }

  @inlinable
  public var isTable: Bool { word & 3 == 3 }

  /// Physical address of the next table or of the page.
  @inlinable
  public var address: UInt64 { Self.addressField.read(word) &<< 12 }

  /// What a valid page lets EL0 do.
  @inlinable
  public var userRights: Rights {
    guard Self.userField.read(word) != 0 else { return Rights() }
    var rights = Rights.read
    if Self.readOnlyField.read(word) == 0 { rights.insert(.write) }
    if Self.userExecuteNeverField.read(word) == 0 { rights.insert(.execute) }
    return rights
  }

  @inlinable
  public var isDevice: Bool { Self.attributeField.read(word) != MemoryAttribute.normal.rawValue }

  /// Indices in MAIR_EL1, as boot programs it.
  public enum MemoryAttribute: UInt64, Sendable {
    case normal = 0
    case deviceNGnRE = 1
  }

  /// A page for EL0. Normal memory is inner shareable, device memory never executable. The kernel never
  /// executes a user's page (PXN).
  @inlinable
  public static func userPage(address: UInt64, rights: Rights, isDevice: Bool) -> TranslationDescriptor {
    var word: UInt64 =
      3 | addressField.pack(address &>> 12) | accessFlagField.pack(1) | notGlobalField.pack(1)
    word |= userField.pack(1) | privilegedExecuteNeverField.pack(1)
    if !rights.contains(.write) { word |= readOnlyField.pack(1) }
    if !rights.contains(.execute) || isDevice { word |= userExecuteNeverField.pack(1) }
    if isDevice {
      word |= attributeField.pack(MemoryAttribute.deviceNGnRE.rawValue)
    } else {
      word |= attributeField.pack(MemoryAttribute.normal.rawValue) | shareabilityField.pack(3)
    }
    return TranslationDescriptor(word: word)
  }

  /// A table below; `rights` restrict everything reached through it.
  @inlinable
  public static func table(address: UInt64, rights: Rights = .all) -> TranslationDescriptor {
    var word: UInt64 = 3 | addressField.pack(address &>> 12) | privilegedExecuteNeverTableField.pack(1)
    if !rights.contains(.write) { word |= accessTableField.pack(2) }
    if !rights.contains(.execute) { word |= userExecuteNeverTableField.pack(1) }
    return TranslationDescriptor(word: word)
  }
}

/// The single address space: names of segments and what they stand for.
public enum AddressSpace {
  public static let pageBits: UInt64 = 12
  public static let segmentBits: UInt64 = 21
  /// Virtual address of segment 0. Segment numbers are page numbers of level-3 tables, and the first megabytes of
  /// physical addresses never hold one, so nothing is ever mapped at and around 0.
  public static let segmentBase: UInt64 = 0
  /// First segment number without an address in 48 bits.
  public static let segmentLimit: UInt64 = 1 &<< 27

  /// Virtual base of the segment whose level-3 table is at `table`.
  @inlinable
  public static func segmentAddress(table: UInt64) -> UInt64 {
    segmentBase &+ (table &>> pageBits) &<< segmentBits
  }

  /// Index into the table of `level` (0...3) for a virtual address.
  @inlinable
  public static func index(of address: UInt64, level: UInt64) -> UInt64 {
    (address &>> (39 &- 9 &* level)) & 511
  }
}
