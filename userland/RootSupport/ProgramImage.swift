public import KernelObjects
public import LibVesper

/// A program's file image, checked: whole pages that lie within the file, and fit the lower half of a segment.
public struct ProgramImage {
  /// Virtual address of the first byte.
  public let address: UInt64
  /// Offset of the first instruction.
  public let entry: UInt64
  /// Pages of constants, of code and of data, in this order.
  public let readOnlyPages: UInt64
  public let textPages: UInt64
  public let dataPages: UInt64

  public static let maximumPages: UInt64 = SegmentCapability.pageCount / 2

  public var pageCount: UInt64 { readOnlyPages + textPages + dataPages }

  public init(address: UInt64, size: UInt64) throws(Refusal) {
    // Safety: the caller checked that `size` bytes from `address` on are mapped for reading.
    guard size >= UInt64(MemoryLayout<UserImageHeader>.size),
      let pointer = unsafe UnsafePointer<UserImageHeader>(bitPattern: UInt(address))
    else { throw Refusal(.invalidArgument, detail: size) }
    let header = unsafe pointer.pointee
    guard header.magic == UserImageHeader.magicValue else {
      throw Refusal(.invalidArgument, detail: header.magic)
    }
    self.address = address
    entry = header.entry
    readOnlyPages = header.readOnlySize >> AddressSpace.pageBits
    textPages = header.textSize >> AddressSpace.pageBits
    dataPages = header.dataSize >> AddressSpace.pageBits
    // Each is below 2^52, so the sum cannot overflow.
    guard pageCount <= Self.maximumPages, pageCount << AddressSpace.pageBits <= size else {
      throw Refusal(.outOfRange, detail: Self.maximumPages)
    }
  }

  /// The rights that page `index` gets once it is filled.
  public func rights(ofPage index: UInt64) -> Rights {
    if index < readOnlyPages { return .read }
    return index < readOnlyPages + textPages ? .readExecute : .readWrite
  }
}
