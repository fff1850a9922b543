public import KernelObjects

// The floating-point and SIMD registers belong to the Domain that used them last, its owner, until another one uses
// them: they are not saved and loaded when Domains switch, but their use traps for all but the owner. Who never uses
// them pays nothing: that the owner loses the access when another Domain runs is told to `activate` by a root that
// equals no table (`KernelState.settledRoot`).
extension Kernel {
  /// The current Domain used a floating-point register and was not allowed to: now it is, and they hold its values.
  public func handleFloatingPointAccess() -> ResumedFrame {
    enter()
    let domain = current
    machine.allowFloatingPoint()
    if state.floatingPointOwner != domain.address {
      if state.floatingPointOwner != 0 { saveFloatingPoint(of: Reference(state.floatingPointOwner)) }
      machine.loadFloatingPoint(from: domain.floatingPoint.address)
      state.floatingPointOwner = domain.address
    }
    state.settledRoot = KernelState.unsettledRoot
    return leave(stayingIn: domain)
  }

  /// Whether the current Domain may go on using the registers that it owns. Nobody else may.
  func keepsFloatingPoint(_ domain: Reference<Domain>) -> Bool {
    if state.isSettled { return false }
    if state.floatingPointOwner == domain.address { return true }
    machine.trapFloatingPoint()
    return false
  }

  /// Brings a Domain's `FloatingPointState` up to date, and changes nothing else.
  public func storeFloatingPoint(of domain: Reference<Domain>) {
    if state.floatingPointOwner != domain.address { return }
    machine.allowFloatingPoint()
    saveFloatingPoint(of: domain)
    if state.isSettled || state.current != domain.address { machine.trapFloatingPoint() }
  }

  /// Makes the `FloatingPointState` of a Domain that of its registers: it is loaded when the Domain next uses them.
  public func takeFloatingPoint(from domain: Reference<Domain>) {
    if state.floatingPointOwner != domain.address { return }
    machine.allowFloatingPoint()
    saveFloatingPoint(of: domain)
    machine.trapFloatingPoint()
    state.floatingPointOwner = 0
  }

  private func saveFloatingPoint(of owner: Reference<Domain>) {
    machine.saveFloatingPoint(to: owner.floatingPoint.address)
  }
}

extension Reference<Domain> {
  /// What its floating-point registers hold, unless it owns the processor's.
  public var floatingPoint: Reference<FloatingPointState> { part(at: Domain.floatingPointOffset) }
}
