public import KernelObjects
public import LibVesper

/// The segments that a driver's clients share with it. It holds their capabilities and attaches none of them: it can
/// tell a device where a client's memory is, and can itself see nothing of it.
///
/// A client names memory by address alone. Where that is, and what may be done with it, is asked of the kernel for each
/// request, through the very capability that the client gave: what was revoked or unmapped since is refused.
public struct ClientMemory: Sendable {
  public static let clientCount: UInt64 = 8
  private static let segmentsPerClient: UInt64 = 4

  private let cnode: CNodeCapability
  /// Where capabilities arrive.
  public let arrival: CapabilityPointer
  /// First of the slots, as many as clients can share segments.
  private let firstSlot: UInt64
  /// Virtual addresses of the segments; 0 is none.
  private var bases = InlineArray<32, UInt64>(repeating: 0)

  /// - Parameters:
  ///   - cnode: the driver's own.
  ///   - arrival: an empty slot of the driver's, where what clients send is received.
  ///   - firstSlot: 32 empty slots of `cnode` begin here.
  public init(cnode: CNodeCapability, arrival: CapabilityPointer, firstSlot: UInt64) {
    self.cnode = cnode
    self.arrival = arrival
    self.firstSlot = firstSlot
  }

  /// Keeps the segment that has arrived from `client`, in place of an earlier capability to the same.
  ///
  /// - Returns: false if it is none, or one too many.
  public mutating func share(from client: UInt64) throws(Refusal) -> Bool {
    guard let base = try? SegmentCapability(arrival).address(), let place = place(for: base, of: client)
    else {
      try forgetArrival()
      return false
    }
    if bases[place] != 0 { try cnode.delete(firstSlot + UInt64(place)) }
    try cnode.move(to: firstSlot + UInt64(place), from: SlotReference(cnode, arrival.rawValue))
    bases[place] = base
    return true
  }

  /// Deletes what has arrived with a message that should have brought nothing.
  public func forgetArrival() throws(Refusal) { try cnode.delete(arrival.rawValue) }

  private func place(for base: UInt64, of client: UInt64) -> Int? {
    var empty: Int?
    for index in range(of: client) {
      if bases[index] == base { return index }
      if bases[index] == 0 && empty == nil { empty = index }
    }
    return empty
  }

  private func range(of client: UInt64) -> Range<Int> {
    let first = Int(client * Self.segmentsPerClient)
    return first..<first + Int(Self.segmentsPerClient)
  }

  /// Whether the client shares all of the `count` bytes at `address`, each with all of `rights`.
  public func isShared(_ address: UInt64, count: UInt64, by client: UInt64, rights: Rights) -> Bool {
    guard address <= UInt64.max - count else { return false }
    var next = address
    while next < address + count {
      guard let piece = piece(at: next, count: address + count - next, of: client, rights: rights) else {
        return false
      }
      next += piece.count
    }
    return true
  }

  /// The first piece of the `count` bytes at `address` that is in one place: its physical address and its bytes.
  ///
  /// - Returns: nil if the client shares no memory there with all of `rights`.
  public func piece(at address: UInt64, count: UInt64, of client: UInt64, rights: Rights) -> (
    address: UInt64, count: UInt64
  )? {
    let base = address & ~(1 &<< AddressSpace.segmentBits &- 1)
    guard base != 0, count > 0 else { return nil }
    for index in range(of: client) where bases[index] == base {
      let segment = SegmentCapability(CapabilityPointer(rawValue: firstSlot + UInt64(index)))
      let offset = address &- base
      guard let run = try? segment.translate(offset >> AddressSpace.pageBits), !run.isDevice,
        rights.isSubset(of: run.rights)
      else { return nil }
      let skipped = offset & (1 &<< AddressSpace.pageBits &- 1)
      return (run.address + skipped, min(count, run.pageCount << AddressSpace.pageBits - skipped))
    }
    return nil
  }
}
