public import KernelObjects
public import LibVesper

/// The untyped memory that boot left to the root domain.
public struct InitialUntypeds {
  /// Place in `BootInfo.untypeds`.
  public typealias Position = Int

  private let entries: InlineArray<128, BootUntyped>
  private let count: Int
  private let first: UInt64

  public init(_ bootInfo: borrowing BootInfo) {
    entries = bootInfo.untypeds
    count = Int(min(bootInfo.untypedCount, BootInfo.untypedLimit))
    first = bootInfo.firstUntyped
  }

  public func entry(_ position: Position) -> BootUntyped { entries[position] }

  public func capability(at position: Position) -> UntypedCapability {
    UntypedCapability(CapabilityPointer(rawValue: first + UInt64(position)))
  }

  /// The largest piece of RAM, or the largest of those that come after `previous` in this order.
  public func largest(after previous: Position?) -> Position? {
    var found: Position?
    for position in 0..<count where entries[position].isDevice == 0 {
      if let previous, !isOrdered(previous, before: position) { continue }
      if let candidate = found, isOrdered(candidate, before: position) { continue }
      found = position
    }
    return found
  }

  /// The piece of device memory in which `address` lies.
  public func device(containing address: UInt64) -> Position? {
    for position in 0..<count where entries[position].isDevice != 0 {
      let entry = entries[position]
      if address >= entry.address, address - entry.address < 1 &<< UInt64(entry.sizeBits) { return position }
    }
    return nil
  }

  /// Larger pieces first; of pieces of one size, the one that was listed first.
  private func isOrdered(_ left: Position, before right: Position) -> Bool {
    let leftBits = entries[left].sizeBits
    let rightBits = entries[right].sizeBits
    return leftBits == rightBits ? left < right : leftBits > rightBits
  }
}
