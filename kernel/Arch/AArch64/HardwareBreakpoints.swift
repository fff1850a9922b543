internal import KernelBoot

/// The processor's breakpoint and watchpoint registers, and what is in them (Arm ARM, D2.8 and D2.10).
///
/// They match addresses of user level and of the kernel alike.
public struct HardwareBreakpoints: Sendable {
  /// What a register pair waits for; the raw value is DBGWCR.LSC, and 0 an instruction.
  public enum Kind: UInt64, Sendable {
    case execution = 0
    case read = 1
    case write = 2
    case access = 3
  }

  /// What one register pair waits for.
  public struct Entry: Equatable, Sendable {
    public var kind: Kind
    public var address: UInt64
    /// Bytes; 4 for an instruction.
    public var length: UInt64

    public init(kind: Kind, address: UInt64, length: UInt64) {
      self.kind = kind
      self.address = address
      self.length = kind == .execution ? 4 : length
    }
  }

  private static let registersUsed = 4

  private var breakpoints = InlineArray<4, Entry?>(repeating: nil)
  private var watchpoints = InlineArray<4, Entry?>(repeating: nil)
  private let breakpointCount: Int
  private let watchpointCount: Int

  /// DBGBCR and DBGWCR: enabled, for EL1 and EL0.
  private static let enabledAtBothLevels: UInt64 = 1 | 0b11 << 1

  /// None is set, and the registers are cleared.
  public init() {
    let features = arm_read_id_aa64dfr0_el1()
    breakpointCount = min(Self.registersUsed, Int(features &>> 12 & 15) &+ 1)
    watchpointCount = min(Self.registersUsed, Int(features &>> 20 & 15) &+ 1)
    removeAll()
  }

  /// Sets a register pair; setting what is set already changes nothing.
  ///
  /// - Returns: false if no pair is left, or none can match this address and length.
  public mutating func insert(_ entry: Entry) -> Bool {
    if entry.kind == .execution {
      guard entry.address & 3 == 0 else { return false }
      return Self.insert(entry, into: &breakpoints, count: breakpointCount)
    }
    // BAS selects bytes of one doubleword.
    guard entry.length >= 1, entry.length <= 8, entry.address & 7 &+ entry.length <= 8 else { return false }
    return Self.insert(entry, into: &watchpoints, count: watchpointCount)
  }

  /// Clears the register pair of an entry.
  ///
  /// - Returns: false if there is none.
  public mutating func remove(_ entry: Entry) -> Bool {
    for index in 0..<Self.registersUsed {
      if breakpoints[index] == entry {
        breakpoints[index] = nil
        arm_write_breakpoint(UInt64(index), 0, 0)
        return true
      }
      if watchpoints[index] == entry {
        watchpoints[index] = nil
        arm_write_watchpoint(UInt64(index), 0, 0)
        return true
      }
    }
    return false
  }

  /// Clears all.
  public mutating func removeAll() {
    for index in 0..<breakpointCount {
      breakpoints[index] = nil
      arm_write_breakpoint(UInt64(index), 0, 0)
    }
    for index in 0..<watchpointCount {
      watchpoints[index] = nil
      arm_write_watchpoint(UInt64(index), 0, 0)
    }
  }

  /// The watchpoint behind a watchpoint exception: FAR_EL1 is the lowest address of the access, which may begin
  /// up to 15 bytes before the watched bytes (D2.10.5).
  public func watchpoint(hitBy address: UInt64) -> Entry? {
    for index in 0..<watchpointCount {
      if let entry = watchpoints[index], address &+ 16 > entry.address,
        address < entry.address &+ entry.length
      {
        return entry
      }
    }
    return nil
  }

  private static func insert(_ entry: Entry, into entries: inout InlineArray<4, Entry?>, count: Int) -> Bool {
    var free: Int?
    for index in 0..<count {
      if entries[index] == entry { return true }
      if entries[index] == nil { free = free ?? index }
    }
    guard let free else { return false }
    entries[free] = entry
    program(entry, number: UInt64(free))
    return true
  }

  private static func program(_ entry: Entry, number: UInt64) {
    if entry.kind == .execution {
      arm_write_breakpoint(number, entry.address, enabledAtBothLevels | 0b1111 << 5)
      return
    }
    let bytes = ((UInt64(1) &<< entry.length) &- 1) &<< (entry.address & 7)
    arm_write_watchpoint(
      number, entry.address & ~7, enabledAtBothLevels | entry.kind.rawValue &<< 3 | bytes &<< 5)
  }
}
