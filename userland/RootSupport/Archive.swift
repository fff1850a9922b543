public import KernelObjects
public import LibVesper

/// The programs that came with the root domain's own in one image (userland/Image/archive.S).
public struct Archive {
  /// Virtual address of the first byte.
  private let address: UInt64
  /// Bytes.
  private let size: UInt64
  private let programCount: UInt64

  /// "VSPRARCH" in memory.
  private static let magic: UInt64 = 0x4843_5241_5250_5356
  private static let headerSize: UInt64 = 16
  private static let entrySize: UInt64 = 32

  /// - Throws: `invalidArgument` with the offending value if the image is not what the packer makes.
  public init(_ bootInfo: borrowing BootInfo) throws(Refusal) {
    let image = bootInfo.imageAddress
    // Safety: boot mapped the image at this address, and it begins with its header.
    guard let header = unsafe UnsafePointer<UserImageHeader>(bitPattern: UInt(image)) else {
      throw Refusal(.invalidArgument, detail: image)
    }
    address = unsafe image + header.pointee.readOnlySize + header.pointee.textSize + header.pointee.dataSize
    size = unsafe header.pointee.archiveSize
    guard size >= Self.headerSize, Self.word(at: address) == Self.magic else {
      throw Refusal(.invalidArgument, detail: address)
    }
    programCount = Self.word(at: address + 8)
    guard programCount <= (size - Self.headerSize) / Self.entrySize else {
      throw Refusal(.invalidArgument, detail: programCount)
    }
  }

  /// - Throws: `invalidArgument` if there is no such program or it is broken.
  public func program(named name: DomainName) throws(Refusal) -> ProgramImage {
    for index in 0..<programCount {
      let entry = address + Self.headerSize + index * Self.entrySize
      guard DomainName(word0: Self.word(at: entry), word1: Self.word(at: entry + 8)) == name else { continue }
      let offset = Self.word(at: entry + 16)
      let length = Self.word(at: entry + 24)
      guard offset <= size, length <= size - offset else { throw Refusal(.invalidArgument, detail: offset) }
      return try ProgramImage(address: address + offset, size: length)
    }
    throw Refusal(.invalidArgument, detail: name.word0)
  }

  private static func word(at address: UInt64) -> UInt64 {
    // Safety: callers stay within the archive, which boot mapped for reading.
    guard let word = unsafe UnsafePointer<UInt64>(bitPattern: UInt(address)) else { return 0 }
    return unsafe word.pointee
  }
}
