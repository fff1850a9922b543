internal import HostedKernel
internal import KernelObjects
internal import TestSupport

/// Chooses operations at random that mostly make sense in the state they meet.
package struct OperationGenerator {
  var random: SplitMix64
  /// The arena's slots, as the model has them now.
  var arena: [CapabilityValue?] = []
  /// Operations so far.
  var count = 0
  /// Types that operations are about for a while. A few kinds at a time meet in more ways than all together
  /// (Groce et al., "Swarm testing", ISSTA 2012).
  var theme: Set<CapabilityType> = []
  private static let themeLength = 250

  package init(seed: UInt64) { random = SplitMix64(seed: seed) }

  package mutating func next(for lockstep: Lockstep) -> Operation {
    if count % Self.themeLength == 0 { chooseTheme() }
    count += 1
    arena = (0..<UInt64(1) << Environment.arenaRadix).map(lockstep.arenaCapability)
    guard lockstep.hasReadyActor else { return .restart(idleActor(lockstep)) }
    switch Int.random(in: 0..<1000, using: &random) {
    case 0..<20: return .tick
    case 20..<30: return .pass(below(HostMachine.tickCounts / 5))
    case 30..<60: return .interrupt(boundLine(lockstep.model))
    case 60..<75: return .fault(actor(lockstep), address: below(0x1000))
    case 75..<80: return .compute(actor(lockstep), below(256))
    case 80..<90: return .scribble(slot(of: .frame))
    case 90..<130: return .restart(idleActor(lockstep))
    case 130..<133: return reclaim(lockstep)
    case 133..<163: return write()
    case 163..<213: return activationStep(lockstep)
    case 213..<420: return communication(by: actor(lockstep), lockstep)
    default: return .call(actor(lockstep), invocation(lockstep.model))
    }
  }

  mutating func chooseTheme() {
    theme = Set(CapabilityType.allCases.filter { _ in Int.random(in: 0..<3, using: &random) > 0 })
    // Segments and page tables are nothing without each other.
    let space: [CapabilityType] = [.protectionDomain, .pageTable, .segment, .frame]
    if theme.contains(.segment) { theme.formUnion(space) } else { theme.subtract(space) }
    theme.formUnion([.untyped, .cnode])
  }

  var isCrowded: Bool { arena.count { $0 == nil } < arena.count / 4 }

  // MARK: who

  /// Mostly somebody who can run.
  mutating func actor(_ lockstep: Lockstep) -> Actor {
    let fixed = (0..<Environment.actorCount).filter { lockstep.isReady(.fixed($0)) }.map(Actor.fixed)
    let made = arena.indices.map { Actor.slot(UInt64($0)) }.filter(lockstep.isReady)
    return (fixed + made).randomElement(using: &random) ?? .fixed(0)
  }

  mutating func idleActor(_ lockstep: Lockstep) -> Int {
    let idle = (0..<Environment.actorCount).filter { !lockstep.isReady(.fixed($0)) }
    return idle.randomElement(using: &random) ?? Int.random(in: 0..<Environment.actorCount, using: &random)
  }

  // MARK: numbers

  /// Mostly below a limit, sometimes anything.
  mutating func below(_ limit: UInt64) -> UInt64 {
    switch Int.random(in: 0..<60, using: &random) {
    case 0: random.next()
    case 1: limit &+ UInt64.random(in: 0..<4, using: &random)
    default: UInt64.random(in: 0..<limit, using: &random)
    }
  }

  mutating func line() -> UInt64 {
    UInt64(Int.random(in: Environment.lines, using: &random))
  }

  /// Mostly a line that somebody is told of.
  private mutating func boundLine(_ model: Model) -> UInt64 {
    let bound = Environment.lines.filter { model.slots[.line($0)] != nil }
    if Int.random(in: 0..<8, using: &random) == 0 { return line() }
    return bound.randomElement(using: &random).map { UInt64($0) } ?? line()
  }

  /// A right or several; more often all.
  mutating func rights() -> UInt64 { Bool.random(using: &random) ? 7 : below(8) }

  // MARK: slots

  mutating func anySlot() -> UInt64 { UInt64.random(in: 0..<UInt64(arena.count), using: &random) }

  /// A slot with a capability of one type, or any capability, or sometimes just any slot.
  mutating func slot(of type: CapabilityType? = nil) -> UInt64 {
    let matching = arena.indices.filter {
      guard let capability = arena[$0] else { return false }
      return type == nil || capability.type == type
    }
    // That all often mean the same one is how they meet.
    if type != nil, let first = matching.first, Bool.random(using: &random) { return UInt64(first) }
    return matching.randomElement(using: &random).map { UInt64($0) } ?? anySlot()
  }

  /// A capability pointer, mostly to a Frame, Segment or PageTable that is or is not in a table.
  mutating func pointer(to type: CapabilityType, isEntered: Bool) -> UInt64 {
    let matching = arena.indices.filter {
      guard let capability = arena[$0], capability.type == type else { return false }
      return (capability.entry != nil || capability.mapping != nil) == isEntered
    }
    if matching.isEmpty || Int.random(in: 0..<10, using: &random) == 0 { return pointer(to: type) }
    return UInt64(matching.randomElement(using: &random) ?? 0)
  }

  mutating func emptySlot() -> UInt64 {
    arena.indices.filter { arena[$0] == nil }.randomElement(using: &random).map { UInt64($0) } ?? anySlot()
  }

  /// A filled slot whose loss does not end it all, except once in a while.
  mutating func victim() -> UInt64 {
    let kept = Int.random(in: 0..<5000, using: &random) == 0 ? 0 : Int(Environment.Arena.keptCount)
    let filled = arena.indices.filter { $0 >= kept && arena[$0] != nil }
    return filled.randomElement(using: &random).map { UInt64($0) } ?? below(UInt64(arena.count))
  }

  /// A capability pointer, mostly to what is wanted.
  mutating func pointer(to type: CapabilityType?) -> UInt64 {
    switch Int.random(in: 0..<100, using: &random) {
    case 0: random.next()
    case 1..<4: Environment.inner + below(Environment.innerCount)
    case 4..<8: anySlot()
    default: slot(of: type)
    }
  }

  mutating func receivingPointer() -> UInt64 {
    Int.random(in: 0..<8, using: &random) == 0
      ? Environment.inner + below(Environment.innerCount) : emptySlot()
  }

  /// A CNode's pointer with the index of an empty or a filled slot: mostly the arena's.
  mutating func slotInCNode(isEmpty: Bool, isVictim: Bool = false, _ model: Model)
    -> (cnode: UInt64, index: UInt64)
  {
    if Int.random(in: 0..<4, using: &random) > 0 {
      return (Environment.Arena.arena.rawValue, isEmpty ? emptySlot() : isVictim ? victim() : slot())
    }
    let cnode = slot(of: .cnode)
    guard let capability = arena[Int(cnode)], let radix = model.cnodes[capability.object] else {
      return (pointer(to: .cnode), below(16))
    }
    if capability.object == arena[Int(Environment.Arena.arena.rawValue)]?.object {
      return (cnode, isEmpty ? emptySlot() : isVictim ? victim() : slot())
    }
    let slots = (0..<1 << radix).filter {
      (model.slots[Place(holder: capability.object, index: $0)] == nil) == isEmpty
    }
    return (cnode, slots.randomElement(using: &random).map { UInt64($0) } ?? below(1 << radix))
  }
}
