internal import KernelBoot

/// What one breakpoint or watchpoint register pair compares with: DBGBVR and DBGBCR, or DBGWVR and DBGWCR (Arm
/// ARM, D17.3).
public struct DebugComparator: Equatable, Sendable {
  /// A virtual address.
  public let value: UInt64
  public let control: UInt64

  /// The accesses that a watchpoint is for, in the encoding of DBGWCR.LSC.
  public enum Access: UInt64, Sendable {
    case load = 1
    case store = 2
    case any = 3
  }

  /// DBGBCR and DBGWCR have these fields in the same places.
  private enum Control {
    static let enable: UInt64 = 1
    /// PMC or PAC: at EL1 and EL0, with HMC and SSC zero (table D2-12).
    static let anyLevel: UInt64 = 3 << 1
    static let byteSelectShift: UInt64 = 5
    static let loadStoreShift: UInt64 = 3
    static let maskShift: UInt64 = 24
  }

  init(value: UInt64, control: UInt64) {
    self.value = value
    self.control = control
  }

  static let off = DebugComparator(value: 0, control: 0)

  var isEnabled: Bool { control & Control.enable != 0 }

  /// Matches the execution of the instruction at an address; nil if none can be there.
  public static func execution(at address: UInt64) -> DebugComparator? {
    guard address & 3 == 0 else { return nil }
    return DebugComparator(
      value: address, control: Control.enable | Control.anyLevel | 15 &<< Control.byteSelectShift)
  }

  /// Matches accesses to any of `length` bytes; nil if one pair of registers cannot tell exactly these: they
  /// must be in one doubleword, or a power of two of at most 2 GiB, aligned to itself.
  public static func watch(_ access: Access, at address: UInt64, length: UInt64) -> DebugComparator? {
    let offset = address & 7
    var control = Control.enable | Control.anyLevel | access.rawValue &<< Control.loadStoreShift
    if length >= 1, length <= 8, offset &+ length <= 8 {
      control |= ((1 &<< length) &- 1) &<< (offset &+ Control.byteSelectShift)
      return DebugComparator(value: address &- offset, control: control)
    }
    guard length > 8, length <= 1 << 31, length & (length &- 1) == 0, address & (length &- 1) == 0 else {
      return nil
    }
    control |= 255 &<< Control.byteSelectShift
    control |= UInt64(length.trailingZeroBitCount) &<< Control.maskShift
    return DebugComparator(value: address, control: control)
  }

  /// What is watched: the first address and the length in bytes.
  public var watched: (address: UInt64, length: UInt64) {
    let mask = control &>> Control.maskShift & 31
    if mask != 0 { return (value, 1 &<< mask) }
    let bytes = control &>> Control.byteSelectShift & 255
    return (value &+ UInt64(bytes.trailingZeroBitCount), UInt64(bytes.nonzeroBitCount))
  }

  /// The accesses that are watched.
  public var access: Access { Access(rawValue: control &>> Control.loadStoreShift & 3) ?? .any }
}

/// The processor's breakpoint or watchpoint registers, which are their own record of what is set.
public enum DebugComparatorBank: Sendable {
  case breakpoints, watchpoints

  /// How many pairs there are (ID_AA64DFR0_EL1.BRPs, WRPs), from 2 to 16.
  public var count: UInt64 {
    let shift: UInt64 = self == .breakpoints ? 12 : 20
    return (arm_read_id_aa64dfr0_el1() &>> shift & 15) &+ 1
  }

  /// Sets one that is free, if the same is not set already. Returns false if none is free.
  public func insert(_ comparator: DebugComparator) -> Bool {
    if index(where: { $0 == comparator }) != nil { return true }
    guard let free = index(where: { !$0.isEnabled }) else { return false }
    write(comparator, at: free)
    return true
  }

  /// Removes one, if it is set.
  public func remove(_ comparator: DebugComparator) {
    if let index = index(where: { $0 == comparator }) { write(.off, at: index) }
  }

  /// Removes all of them, also what the registers hold after reset.
  public func removeAll() {
    for index in 0..<count { write(.off, at: index) }
  }

  /// Visits those that are set.
  public func forEach(_ body: (DebugComparator) -> Void) {
    _ = index { comparator in
      if comparator.isEnabled { body(comparator) }
      return false
    }
  }

  private func index(where isWanted: (DebugComparator) -> Bool) -> UInt64? {
    for index in 0..<count where isWanted(read(at: index)) { return index }
    return nil
  }

  @inline(never)
  private func read(at index: UInt64) -> DebugComparator {
    switch self {
    case .breakpoints: DebugComparator(value: arm_read_dbgbvr(index), control: arm_read_dbgbcr(index))
    case .watchpoints: DebugComparator(value: arm_read_dbgwvr(index), control: arm_read_dbgwcr(index))
    }
  }

  /// Off while its address changes.
  @inline(never)
  private func write(_ comparator: DebugComparator, at index: UInt64) {
    switch self {
    case .breakpoints:
      arm_write_dbgbcr(index, 0)
      arm_write_dbgbvr(index, comparator.value)
      arm_write_dbgbcr(index, comparator.control)
    case .watchpoints:
      arm_write_dbgwcr(index, 0)
      arm_write_dbgwvr(index, comparator.value)
      arm_write_dbgwcr(index, comparator.control)
    }
    arm_isb()
  }
}
