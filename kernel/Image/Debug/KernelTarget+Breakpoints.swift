internal import GDBStub
internal import KernelArch

// Breakpoints and watchpoints in the processor's debug registers.
extension KernelTarget {
  func allowsBreakpoint(at address: UInt64) -> Bool {
    !KernelImage.isTrapCode(address) && !KernelImage.isDebuggerCode(address)
  }

  mutating func insert(
    _ kind: HardwareBreakpoint, at address: UInt64, length: UInt64
  ) -> HardwareBreakpointAnswer {
    if kind == .execution, !allowsBreakpoint(at: address) { return .refused }
    guard let comparator = kind.comparator(address, length) else { return .unsuitable }
    return kind.bank.insert(comparator) ? .done : .full
  }

  mutating func remove(
    _ kind: HardwareBreakpoint, at address: UInt64, length: UInt64
  ) -> HardwareBreakpointAnswer {
    if let comparator = kind.comparator(address, length) { kind.bank.remove(comparator) }
    return .done
  }

  mutating func removeAllHardwareBreakpoints() {
    DebugComparatorBank.breakpoints.removeAll()
    DebugComparatorBank.watchpoints.removeAll()
  }

  /// The watchpoint that an access met. The access, whose `address` is FAR_EL1, may have begun before what is
  /// watched; the stop is then at the first byte that is.
  static func watchpoint(metBy access: DebugComparator.Access, at address: UInt64) -> StopReason {
    var nearest = UInt64.max
    var met = StopReason.watchpoint(.access, address: address)
    DebugComparatorBank.watchpoints.forEach { comparator in
      let watched = comparator.watched
      guard comparator.access == .any || comparator.access == access,
        address < watched.address || address &- watched.address < watched.length
      else { return }
      let distance = address < watched.address ? watched.address &- address : 0
      if distance >= nearest { return }
      nearest = distance
      met = .watchpoint(HardwareBreakpoint(comparator.access), address: address &+ distance)
    }
    return met
  }
}

extension HardwareBreakpoint {
  fileprivate init(_ access: DebugComparator.Access) {
    switch access {
    case .load: self = .read
    case .store: self = .write
    case .any: self = .access
    }
  }

  fileprivate var bank: DebugComparatorBank { self == .execution ? .breakpoints : .watchpoints }

  /// Nil if the registers cannot express it.
  fileprivate func comparator(_ address: UInt64, _ length: UInt64) -> DebugComparator? {
    // The registers hold the sign extension of bit 48.
    guard address &>> 48 == 0 || address &>> 48 == 0xffff else { return nil }
    return switch self {
    case .execution: DebugComparator.execution(at: address)
    case .write: DebugComparator.watch(.store, at: address, length: length)
    case .read: DebugComparator.watch(.load, at: address, length: length)
    case .access: DebugComparator.watch(.any, at: address, length: length)
    }
  }
}
