public import KernelObjects

/// The kernel: its state in memory, and the machine it runs on.
///
/// Each object's operations are an extension in a file of their own. An entry begins with `enter`, changes
/// objects, and ends with `leave`, which makes sure that `state.current` is a Domain that can run, or none.
public struct Kernel<Machine: MachineInterface> {
  public let machine: Machine
  public let stateReference: Reference<KernelState>

  /// - Parameters:
  ///   - machine: the processor and its board.
  ///   - state: physical address of a `KernelState`, 32-byte aligned, zero-filled before boot.
  public init(machine: Machine, state: UInt64) {
    self.machine = machine
    self.stateReference = Reference(state)
  }

  @inlinable
  public var state: KernelState {
    @_transparent unsafeAddress { unsafe UnsafePointer(stateReference.pointer) }
    @_transparent nonmutating unsafeMutableAddress { unsafe stateReference.pointer }
  }

  /// The Domain whose registers the processor holds, or none while idle.
  @inlinable
  public var current: Reference<Domain> { @inline(__always) get { Reference(state.current) } }

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

  @inline(__always)
  func leave() {
    if state.current == 0 || !isReady(current) { schedule(from: state.currentSlice) }
    activateCurrent()
    state.epoch &+= 1
  }

  /// Points the translation at the current Domain's addresses, if that changed.
  @inline(__always)
  private func activateCurrent() {
    let domain = current
    if domain.isNone { return }
    let capability = domain.object.protectionDomain.capability
    let root = capability.isNull ? state.emptyRoot : capability.address
    if root == state.activeRoot { return }
    state.activeRoot = root
    machine.activate(root: root, asid: capability.asid)
  }
}
