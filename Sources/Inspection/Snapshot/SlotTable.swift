/// The slots of a snapshot by their physical addresses.
///
/// Slots come a CNode at a time, so a page of memory has one entry in a dictionary, and a place for each slot that
/// can begin in it: that is several times as fast as an entry for each slot, and lists them in order.
package struct SlotTable: Sendable {
  /// In the order in which they were entered; where one is, it stays.
  package private(set) var records: [SlotRecord] = []
  private let slotSizeBits: UInt64
  /// Where in `places` the places of a page begin.
  private var pages: [UInt64: Int] = [:]
  /// Positions in `records`; negative for no slot.
  private var places: [Int32] = []
  /// Positions of slots at addresses that no slot should have.
  private var misplaced: [UInt64: Int32] = [:]
  private var lastPage = LastPage()
  private static let pageBits: UInt64 = 12

  init(slotSizeBits: UInt64) {
    self.slotSizeBits = min(slotSizeBits, Self.pageBits)
  }

  package var count: Int { records.count }

  package subscript(address: UInt64) -> SlotRecord? {
    position(of: address).map { records[$0] }
  }

  /// Position in ``records`` of the slot at an address.
  package func position(of address: UInt64) -> Int? {
    var last = LastPage()
    return position(of: address, after: &last)
  }

  /// The page of the slot that was looked for last: mostly the next one is in the same.
  struct LastPage {
    fileprivate var page = UInt64.max
    fileprivate var base = 0
  }

  /// The same, for one after another.
  func position(of address: UInt64, after last: inout LastPage) -> Int? {
    guard isAligned(address) else { return misplaced[address].map(Int.init) }
    let page = address >> Self.pageBits
    if page != last.page {
      guard let base = pages[page] else { return nil }
      last = LastPage(page: page, base: base)
    }
    let position = places[last.base + place(of: address)]
    return position < 0 ? nil : Int(position)
  }

  /// ``position(of:)``, several times as fast while slots are entered.
  mutating func find(_ address: UInt64) -> Int? {
    var last = lastPage
    defer { lastPage = last }
    return position(of: address, after: &last)
  }

  /// Enters a slot; one that is known at that address is replaced.
  mutating func insert(_ record: SlotRecord) {
    if let known = find(record.address) {
      records[known] = record
      return
    }
    let position = Int32(records.count)
    records.append(record)
    guard isAligned(record.address) else {
      misplaced[record.address] = position
      return
    }
    places[base(ofPage: record.address >> Self.pageBits) + place(of: record.address)] = position
  }

  /// Makes room for as many more.
  mutating func reserve(_ count: Int) {
    guard records.capacity - records.count < count else { return }
    records.reserveCapacity(max(2 * records.count, records.count + count))
  }

  /// Positions in ``records`` of all slots by address.
  package var orderedPositions: [Int] {
    guard misplaced.isEmpty else {
      return records.indices.sorted { records[$0].address < records[$1].address }
    }
    var positions: [Int] = []
    positions.reserveCapacity(records.count)
    for (_, base) in pages.sorted(by: { $0.key < $1.key }) {
      for position in places[base..<base + placesInPage] where position >= 0 {
        positions.append(Int(position))
      }
    }
    return positions
  }

  private var placesInPage: Int { 1 << Int(Self.pageBits - slotSizeBits) }

  private func isAligned(_ address: UInt64) -> Bool { address & (1 << slotSizeBits - 1) == 0 }

  private func place(of address: UInt64) -> Int {
    Int((address & (1 << Self.pageBits - 1)) >> slotSizeBits)
  }

  private mutating func base(ofPage page: UInt64) -> Int {
    if page == lastPage.page { return lastPage.base }
    if let base = pages[page] { return base }
    let base = places.count
    pages[page] = base
    lastPage = LastPage(page: page, base: base)
    places.append(contentsOf: repeatElement(-1, count: placesInPage))
    return base
  }
}
