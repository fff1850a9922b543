internal import GDBStub
internal import KernelArch

extension KernelTarget {
  mutating func insert(
    _ kind: HardwareBreakpoint, at address: UInt64, length: UInt64
  ) -> HardwareBreakpointAnswer {
    hardwareBreakpoints.insert(.init(kind: kind.kind, address: address, length: length)) ? .done : .refused
  }

  mutating func remove(
    _ kind: HardwareBreakpoint, at address: UInt64, length: UInt64
  ) -> HardwareBreakpointAnswer {
    hardwareBreakpoints.remove(.init(kind: kind.kind, address: address, length: length)) ? .done : .refused
  }

  mutating func removeAllHardwareBreakpoints() { hardwareBreakpoints.removeAll() }

  /// Which watchpoint an access at `address` hit, as gdb wants to know it.
  func watchpoint(hitBy address: UInt64) -> StopReason {
    guard let entry = hardwareBreakpoints.watchpoint(hitBy: address) else { return .hardwareBreakpoint }
    switch entry.kind {
    case .read: return .watchpoint(.read, address: entry.address)
    case .write: return .watchpoint(.write, address: entry.address)
    default: return .watchpoint(.access, address: entry.address)
    }
  }
}

extension HardwareBreakpoint {
  fileprivate var kind: HardwareBreakpoints.Kind {
    switch self {
    case .execution: .execution
    case .write: .write
    case .read: .read
    case .access: .access
    }
  }
}
