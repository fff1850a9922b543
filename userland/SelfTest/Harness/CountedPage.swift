internal import LibVesper

/// A page that both the root domain and helpers read and write.
struct CountedPage {
  let address: UInt64

  init(_ t: inout Trial) throws(Refusal) {
    let segment = try t.attachedSegment()
    try segment.map(try t.frame(), at: 0, rights: .readWrite)
    address = try segment.address()
  }
}
