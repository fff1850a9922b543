public import KernelObjects

/// Virtual address of the registers that the processor continues with, which a Domain begins with; 0 if it idles.
public typealias ResumedFrame = UInt64

/// The kernel: its state in memory, and the machine it runs on.
///
/// Each object's operations are an extension in a file of their own. An entry begins with `enter`, changes
/// objects, and ends with `leave`, which makes sure that `state.current` is a Domain that can run, or none.
/// Functions that end an entry return what `leave` returns, so that they can jump to it.
public struct Kernel<Machine: MachineInterface> {
  public let machine: Machine
  public let stateReference: Reference<KernelState>

  /// - Parameters:
  ///   - machine: the processor and its board.
  ///   - state: 32-byte aligned, zero-filled before boot.
  public init(machine: Machine, state: Reference<KernelState>) {
    self.machine = machine
    self.stateReference = state
  }

  @inlinable
  public var state: KernelState {
    @_transparent unsafeAddress { unsafe UnsafePointer(stateReference.pointer) }
    @_transparent nonmutating unsafeMutableAddress { unsafe stateReference.pointer }
  }

  /// The Domain whose registers the processor holds, or none while idle.
  @inlinable
  public var current: Reference<Domain> { @inline(__always) get { Reference(state.current) } }

  /// The current Domain's registers, 0 while idle.
  @inlinable
  public var currentFrame: ResumedFrame {
    @inline(__always) get { state.current == 0 ? 0 : current.virtualAddress }
  }

  // Elements are reached in memory: a subscript of the stored array copies all of it first.

  /// Slot `index` of the slice vector.
  @inlinable
  public func slice(_ index: UInt64) -> Reference<SliceEntry> {
    (stateReference.part(at: KernelState.slicesOffset) as Reference<SliceEntry>)[index]
  }

  /// Interrupt line `irq`, below `KernelState.irqCount`.
  @inlinable
  public func line(_ irq: UInt64) -> Reference<IRQEntry> {
    (stateReference.part(at: KernelState.irqsOffset) as Reference<IRQEntry>)[irq]
  }

  /// Word `index` of the bits that say which ASIDs are taken.
  func asidWord(_ index: UInt64) -> Reference<UInt64> {
    (stateReference.part(at: KernelState.asidsOffset) as Reference<UInt64>)[index]
  }

  /// Readers that see an odd epoch, or two different ones, know that what they read in between may be torn.
  @inline(__always)
  func enter() {
    state.epoch &+= 1
  }

  /// Ends an entry: who is current from here on can run, and its addresses are translated.
  @discardableResult
  @inline(never)
  func leave() -> ResumedFrame {
    guard state.current != 0, isReady(current) else { return leaveToNext() }
    return leave(to: current)
  }

  /// Ends an entry after which the current Domain goes on, and nothing that it runs on was changed.
  @inline(__always)
  func leave(stayingIn domain: Reference<Domain>) -> ResumedFrame {
    state.epoch &+= 1
    return domain.virtualAddress
  }

  /// Ends an entry after which the current Domain, if there is one, cannot go on.
  @inline(never)
  func leaveToNext() -> ResumedFrame {
    reschedule()
    return leaveRescheduled()
  }

  /// Ends an entry that has just chosen who is current, or that nobody can be.
  @inline(never)
  func leaveRescheduled() -> ResumedFrame {
    guard state.current == 0 else { return leave(to: current) }
    state.epoch &+= 1
    return 0
  }

  /// As `leave`, for a current Domain that is known to be able to run.
  @inline(__always)
  func leave(to domain: Reference<Domain>) -> ResumedFrame {
    let capability = domain.object.protectionDomain.capability
    let root = capability.address
    if root != state.settledRoot {
      guard root != 0, state.isSettled else { return leaveInSteps(to: domain) }
      state.settledRoot = root
      changeTable(to: root, asid: capability.asid)
    }
    return leave(stayingIn: domain)
  }

  /// For a Domain without addresses, or after one that used floating-point registers.
  @inline(never)
  private func leaveInSteps(to domain: Reference<Domain>) -> ResumedFrame {
    let capability = domain.object.protectionDomain.capability
    let root = capability.isNull ? state.emptyRoot : capability.address
    if !keepsFloatingPoint(domain) { state.settledRoot = root }
    if root != state.activeRoot { changeTable(to: root, asid: capability.asid) }
    return leave(stayingIn: domain)
  }

  /// Points the translation at a Domain's addresses.
  @inline(__always)
  private func changeTable(to root: UInt64, asid: UInt64) {
    state.activeRoot = root
    machine.activate(root: root, asid: asid)
  }

  /// Translates no user address.
  @inline(never)
  func leaveTables() {
    if state.isSettled { state.settledRoot = state.emptyRoot }
    changeTable(to: state.emptyRoot, asid: 0)
  }
}
