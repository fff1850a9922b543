internal import GDBStub
internal import KernelArch
internal import KernelCore
internal import KernelObjects

/// The memory from which a debugger shows the kernel's objects: the kernel's state, and what the capabilities name.
///
/// What no capability names any more, such as a Domain that is still waited for, the debugger finds by itself.
struct ObjectMemory: IteratorProtocol {
  private let state: UInt64
  private let generations: UInt64
  private let generationBase: UInt64
  private var walk: DerivationWalk
  private var partsOfState = 0
  /// Of the last region that was no part of the state.
  private var last: UInt64 = 0

  /// Steps that a walk takes at most: the system stands still.
  private static var longestWalk: Int { 1 << 12 }

  init(_ kernel: VesperKernel) {
    state = kernel.stateReference.address
    generations = kernel.state.generations
    generationBase = kernel.state.generationBase
    walk = DerivationWalk(root: state, budget: Self.longestWalk)
  }

  mutating func next() -> MemoryMapRegion? {
    if let part = nextOfState() { return part }
    while let capability = walk.next() {
      guard let region = Self.object(of: capability) ?? generation(of: capability), region.start != last
      else {
        continue
      }
      last = region.start
      return region
    }
    return nil
  }

  /// Without the ASIDs, a third of it, of which only the processor's translations tell anything.
  private mutating func nextOfState() -> MemoryMapRegion? {
    partsOfState &+= 1
    return switch partsOfState {
    case 1: Self.region(state, KernelState.asidsOffset)
    case 2:
      Self.region(
        state &+ KernelState.irqsOffset,
        UInt64(truncatingIfNeeded: MemoryLayout<KernelState>.size) &- KernelState.irqsOffset)
    default: nil
    }
  }

  private static func object(of capability: Capability) -> MemoryMapRegion? {
    let size = UInt64(truncatingIfNeeded: MemoryLayout<Domain>.size)
    return switch capability.type {
    case .cnode: region(capability.address, 1 &<< (capability.radix &+ Slot.sizeBits))
    case .domain: region(capability.address, size)
    case .endpoint: region(capability.address, 1 &<< Endpoint.sizeBits)
    case .notification: region(capability.address, 1 &<< Notification.sizeBits)
    default: nil
    }
  }

  /// Of the table that a capability says it is entered in; a debugger sees from it whether that is the one that was meant.
  private func generation(of capability: Capability) -> MemoryMapRegion? {
    switch capability.type {
    case .frame, .segment, .pageTable: break
    default: return nil
    }
    let link = capability.link
    guard link.isLinked, link.table >= generationBase else { return nil }
    let page = (link.table &- generationBase) &>> AddressSpace.pageBits
    return Self.region(generations &+ page &* 4, 4)
  }

  private static func region(_ physical: UInt64, _ length: UInt64) -> MemoryMapRegion {
    MemoryMapRegion(start: DirectMap.virtualAddress(physical), length: length)
  }
}

extension KernelTarget {
  func objects() -> ObjectMemory? { ObjectMemory(kernel) }
}
