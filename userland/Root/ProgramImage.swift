internal import KernelObjects
internal import LibVesper

/// A program's file image, checked: whole pages that lie within the file, and fit the lower half of a segment.
struct ProgramImage {
  /// Virtual address of the first byte.
  let address: UInt64
  /// Offset of the first instruction.
  let entry: UInt64
  /// Pages of constants, of code and of data, in this order.
  let readOnlyPages: UInt64
  let textPages: UInt64
  let dataPages: UInt64

  static let maximumPages: UInt64 = SegmentCapability.pageCount / 2

  var pageCount: UInt64 { readOnlyPages + textPages + dataPages }

  init(address: UInt64, size: UInt64) throws(Refusal) {
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
  func rights(ofPage index: UInt64) -> Rights {
    if index < readOnlyPages { return .read }
    return index < readOnlyPages + textPages ? .readExecute : .readWrite
  }
}
