/// A flattened device tree (Devicetree Specification 0.4, chapter 5), read in place.
///
/// The blob is not trusted: every offset is checked against its size, and reading takes time linear in it.
@safe
public struct DeviceTree: Sendable {
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  let structure: Range<Int>
  let strings: Range<Int>
  let reservations: Int

  /// Deepest nesting of nodes that is read.
  public static let depthLimit = 8

  private static let magic: UInt32 = 0xd00d_feed
  private static let version: UInt32 = 17

  /// Offsets of the header's fields (5.2).
  private enum Header {
    static let magic = 0
    static let totalSize = 4
    static let structureOffset = 8
    static let stringsOffset = 12
    static let reservationsOffset = 16
    static let version = 20
    static let lastCompatibleVersion = 24
    static let stringsSize = 32
    static let structureSize = 36
    static let size = 40
  }

  /// Checks the header of the blob at the start of `memory`, which may be longer.
  ///
  /// The memory must stay readable and unchanged as long as the tree is used.
  @unsafe
  public init(_ memory: UnsafeRawBufferPointer) throws(DeviceTreeError) {
    guard memory.count >= Header.size else { throw .malformed }
    let header = unsafe DeviceTree(unchecked: memory)
    guard header.cell(at: Header.magic) == Self.magic else { throw .badMagic }
    let size = Int(header.cell(at: Header.totalSize))
    guard size >= Header.size, size <= memory.count else { throw .malformed }
    guard header.cell(at: Header.version) >= Self.version,
      header.cell(at: Header.lastCompatibleVersion) <= Self.version
    else { throw .unsupportedVersion }
    unsafe bytes = UnsafeRawBufferPointer(rebasing: memory[..<size])
    structure = try header.block(Header.structureOffset, Header.structureSize, within: size)
    strings = try header.block(Header.stringsOffset, Header.stringsSize, within: size)
    reservations = Int(header.cell(at: Header.reservationsOffset))
  }

  private init(unchecked memory: UnsafeRawBufferPointer) {
    unsafe bytes = memory
    structure = 0..<0
    strings = 0..<0
    reservations = 0
  }

  private func block(_ offset: Int, _ size: Int, within total: Int) throws(DeviceTreeError) -> Range<Int> {
    let start = Int(cell(at: offset))
    let count = Int(cell(at: size))
    guard start <= total, count <= total &- start else { throw .malformed }
    return start..<start &+ count
  }

  /// Size of the blob in bytes.
  public var size: Int { unsafe bytes.count }

  /// The 32-bit big-endian number at an offset in the blob; 0 outside it.
  func cell(at offset: Int) -> UInt32 {
    guard offset >= 0, offset <= size &- 4 else { return 0 }
    return UInt32(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The byte at an offset in the blob; 0 outside it.
  func byte(at offset: Int) -> UInt8 {
    guard offset >= 0, offset < size else { return 0 }
    return unsafe bytes[offset]
  }

  /// Whether the blob has exactly these characters, and a zero, at an offset.
  func hasString(_ string: StaticString, at offset: Int) -> Bool {
    let count = string.utf8CodeUnitCount
    for index in 0..<count where unsafe byte(at: offset &+ index) != string.utf8Start[index] { return false }
    return offset &+ count < size && byte(at: offset &+ count) == 0
  }

  /// Visits the ranges that the memory reservation block (5.3) forbids to use.
  public func forEachReservation(_ body: (MemoryRange) -> Void) {
    var offset = reservations
    while offset <= size &- 16 {
      let start = number(at: offset)
      let count = number(at: offset &+ 8)
      if count == 0 { return }
      if let range = MemoryRange(start: start, size: count) { body(range) }
      offset &+= 16
    }
  }

  private func number(at offset: Int) -> UInt64 {
    UInt64(cell(at: offset)) &<< 32 | UInt64(cell(at: offset &+ 4))
  }
}
