/// Where the contents of pages are while no frame holds them: a piece of memory that takes the place of a disk.
struct BackingStore {
  /// Pages that it can hold at most, whatever memory it is given.
  static let capacity = 512
  private static let nobody: UInt64 = .max

  private let address: UInt64
  private let pageCount: Int
  /// By place: the page of the array whose contents are there.
  private var owners = InlineArray<512, UInt64>(repeating: nobody)

  /// - Parameters:
  ///   - address: of memory that is mapped for reading and writing.
  ///   - pageCount: size of that memory.
  init(address: UInt64, pageCount: UInt64) {
    self.address = address
    self.pageCount = min(Int(pageCount), Self.capacity)
  }

  /// Address of the contents of `page`, if they were ever saved.
  func contents(of page: UInt64) -> UInt64? {
    place(of: page).flatMap { owners[$0] == page ? address(ofPlace: $0) : nil }
  }

  /// Address for the contents of `page`; nil if all places are taken.
  mutating func reserve(_ page: UInt64) -> UInt64? {
    guard let place = place(of: page) else { return nil }
    owners[place] = page
    return address(ofPlace: place)
  }

  /// Where `page` is, or may be put: hashing with linear probing (Knuth, volume 3, 6.4, algorithm L).
  private func place(of page: UInt64) -> Int? {
    for step in 0..<pageCount {
      let place = (Int(truncatingIfNeeded: page % UInt64(pageCount)) + step) % pageCount
      if owners[place] == page || owners[place] == Self.nobody { return place }
    }
    return nil
  }

  private func address(ofPlace place: Int) -> UInt64 { address + UInt64(place) * Page.size }
}

enum Page {
  /// Bytes.
  static let size: UInt64 = 4096

  /// Copies the contents of one page to another. Both are mapped, the destination for writing.
  static func copy(from source: UInt64, to destination: UInt64) {
    // Safety: the pager's owner gave memory that is mapped; addresses are computed from whole pages of it.
    guard let from = unsafe UnsafeRawPointer(bitPattern: UInt(source)),
      let to = unsafe UnsafeMutableRawPointer(bitPattern: UInt(destination))
    else { return }
    unsafe to.copyMemory(from: from, byteCount: Int(size))
  }

  static func clear(_ address: UInt64) {
    // Safety: as in `copy`.
    guard let page = unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(address)) else { return }
    for word in 0..<Int(size / 8) { unsafe page[word] = 0 }
  }
}
