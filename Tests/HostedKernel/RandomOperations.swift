internal import KernelCore
package import KernelObjects
internal import TestSupport

/// Domains that do at random whatever a domain can do, mostly with arguments that make sense.
///
/// They share one small CNode, the arena, so that they fight for its slots, and one small Untyped, so that memory
/// runs out and comes back.
package struct RandomOperations {
  private let scenario: Scenario
  private var generator: SplitMix64
  /// The arena's capability in the root CNode.
  private let arena: UInt64
  private let actors: [UInt64]
  private let protectionDomains: [UInt64]
  private static let arenaSlots: UInt64 = 64
  /// Steps, on average, after which the root takes back what the actors made.
  private static let reclaimInterval = 500
  package private(set) var statuses: [Status: Int] = [:]
  /// What the last step did, for the report of a failure.
  package private(set) var last = ""
  /// How unfinished system calls go on.
  package enum Continuation {
    /// At once, until they are finished.
    case atOnce
    /// When their caller happens to be next, whatever was done in between.
    case sometime
  }
  package var continuation = Continuation.atOnce
  /// System calls that had to be made again.
  package private(set) var repetitions = 0
  private var unfinished: Set<UInt64> = []
  /// Whether an operation could not be gone on with since it had destroyed its caller, or what it was made through.
  package private(set) var hasLostItsWay = false
  /// Called after every kernel entry.
  package var inspect: (HostedKernel) -> Void = { _ in }
  /// What can be seen of the last step from outside: the caller's answer, and what the actors are doing.
  package private(set) var outcome: [UInt64] = []

  package init(seed: UInt64, base: UInt64? = nil) throws {
    scenario = try Scenario(base: base)
    generator = SplitMix64(seed: seed)
    let hosted = scenario.hosted
    let cnode = BootInfo.RootSlot.cnode.rawValue
    let table = scenario.make(.cnode, size: 6)
    arena = scenario.free()
    hosted.invoke(cnode, .cnodeMint, arena, cnode, table, 7, 0, 58, by: hosted.root)
    hosted.invoke(arena, .cnodeMove, 0, cnode, scenario.make(.untyped, size: 18), by: hosted.root)
    hosted.invoke(arena, .cnodeCopy, 1, cnode, arena, 7, by: hosted.root)
    hosted.invoke(
      scenario.lastTimeSlice, .timeSliceSplit, 1, arena, 2, by: hosted.root)
    hosted.invoke(arena, .cnodeCopy, 3, cnode, BootInfo.RootSlot.irqControl.rawValue, 7, by: hosted.root)
    actors = [scenario.make(.domain), scenario.make(.domain), scenario.make(.domain)]
    protectionDomains = [
      scenario.make(.protectionDomain), scenario.make(.protectionDomain), scenario.make(.protectionDomain),
    ]
  }

  package var hosted: HostedKernel { scenario.hosted }

  /// One operation by one domain, or what the timer, a device or the program itself may do.
  package mutating func step() {
    defer {
      outcome.append(
        contentsOf: actors.map {
          UInt64(Reference<Domain>(hosted.rootSlot($0).capability.address).object.state)
        })
    }
    outcome = []
    // Time passes, but not beyond the slot's end without a tick.
    let limit = hosted.machine.deadline ?? 0
    if limit > hosted.machine.now {
      hosted.machine.now += UInt64.random(in: 0...min(limit - hosted.machine.now, 5000), using: &generator)
    }
    if Int.random(in: 0..<Self.reclaimInterval, using: &generator) == 0 { return reclaim() }
    switch Int.random(in: 0..<100, using: &generator) {
    case 0..<4:
      last = "tick"
      hosted.passSlot()
    case 4..<7:
      let irq = UInt64.random(in: 32..<40, using: &generator)
      last = "interrupt \(irq)"
      hosted.kernel.handleInterrupt(irq)
    case 7..<9: fault()
    case 9..<12: useFloatingPoint()
    default: call()
    }
  }

  private mutating func fault() {
    guard let victim = readyDomain() else { return }
    last = "fault"
    hosted.fault(.dataAbort, address: 0x123, syndrome: 0x9200_0000, by: victim)
  }

  private mutating func useFloatingPoint() {
    guard let user = readyDomain() else { return }
    last = "floating point"
    let index = Int.random(in: 0..<4, using: &generator)
    outcome.append(hosted.setFloatingPoint(index, to: generator.next(), by: user))
  }

  private mutating func call() {
    guard let caller = readyDomain() else { return restart() }
    if unfinished.remove(caller.address) != nil {
      hosted.callAgain(by: caller)
      return goOn(with: caller)
    }
    if Int.random(in: 0..<10, using: &generator) < 7 { invoke(by: caller) } else { communicate(by: caller) }
  }

  /// A domain of the arena's that can run: an actor, or one that the actors made.
  private mutating func readyDomain() -> Reference<Domain>? {
    var candidates = actors.map { hosted.rootSlot($0).capability.address }
    for index in 0..<Self.arenaSlots where arenaSlot(index).capability.isA(.domain) {
      candidates.append(arenaSlot(index).capability.address)
    }
    return candidates.map { Reference<Domain>($0) }
      .filter { $0.object.state == DomainState.ready.rawValue && !$0.slot(.cnodeRoot).capability.isNull }
      .randomElement(using: &generator)
  }

  /// Everybody waits or is stopped: the root starts the actors anew.
  private mutating func restart() {
    last = "restart"
    let number = Int.random(in: 0..<actors.count, using: &generator)
    let actor = actors[number]
    guard hosted.root.object.state == DomainState.ready.rawValue else {
      hosted.passSlot()
      return
    }
    hosted.invoke(actor, .domainConfigure, arena, protectionDomains[number], by: hosted.root)
    hosted.invoke(actor, .domainStart, 0x1000, 0x2000, by: hosted.root)
  }

  /// The root takes all of the arena's memory back, which may have come to lie where no actor reaches it.
  private mutating func reclaim() {
    last = "reclaim"
    guard hosted.root.object.state == DomainState.ready.rawValue else { return }
    hosted.invoke(arena, .cnodeRevoke, 0, by: hosted.root)
    while hosted.isUnfinished {
      inspect(hosted)
      repetitions += 1
      hosted.callAgain(by: hosted.root)
    }
  }

  private func arenaSlot(_ index: UInt64) -> Reference<Slot> {
    Reference<Slot>(hosted.rootSlot(arena).capability.address)[index]
  }

  private mutating func invoke(by caller: Reference<Domain>) {
    let invocation = Invocation.allCases.randomElement(using: &generator) ?? .cnodeDelete
    let target = pointer(to: CapabilityType(rawValue: invocation.objectType))
    let words = arguments(of: invocation)
    last = "\(invocation)(\(target), \(words))"
    hosted.systemCall(
      SystemCall.call.rawValue, target, info: MessageInfo(label: invocation.rawValue, length: 6),
      words: words,
      by: caller)
    let repeated = repetitions
    goOn(with: caller)
    let isRepeated = repetitions > repeated
    guard !caller.slot(.cnodeRoot).capability.isNull else {
      // It destroyed its caller, so nobody has an answer. What is left of a deletion the kernel goes on with.
      if isRepeated && invocation != .cnodeDelete { hasLostItsWay = true }
      return
    }
    let status = hosted.result(of: caller).status
    statuses[status, default: 0] += 1
    // An operation that destroyed what it is invoked through cannot be repeated to hear that it is finished.
    if isRepeated && (status == .invalidCapability || status == .slotEmpty) { hasLostItsWay = true }
    outcome.append(status.rawValue)
  }

  /// What becomes of a system call that may be unfinished.
  private mutating func goOn(with caller: Reference<Domain>) {
    while hosted.isUnfinished {
      inspect(hosted)
      repetitions += 1
      // A caller that has destroyed itself does not come back.
      guard caller.object.state == DomainState.ready.rawValue else { break }
      if continuation == .sometime {
        unfinished.insert(caller.address)
        return
      }
      hosted.callAgain(by: caller)
    }
    // Nor does one that lost its way to the object.
    while continuation == .atOnce && hosted.state.object.destruction != 0 {
      hosted.kernel.destroyAbandoned()
      inspect(hosted)
    }
  }

  private mutating func communicate(by caller: Reference<Domain>) {
    let call = UInt64.random(in: 1...10, using: &generator)
    let target = pointer(to: [.endpoint, .endpoint, .notification, .reply].randomElement(using: &generator))
    let hasCapability = Int.random(in: 0..<4, using: &generator) == 0
    let length = UInt64.random(in: 0...7, using: &generator)
    last = "system call \(call) on \(target)"
    hosted.systemCall(
      call, target,
      info: MessageInfo(label: length == 0 ? 0 : 5, length: length, hasCapability: hasCapability),
      words: [1, 2, 3, 4, 5, 6],
      capability: pointer(), receiveSlot: freeSlot(), by: caller)
    let partner = hosted.kernel.current
    for domain in partner.isNone ? [caller] : [caller, partner] {
      let result = hosted.result(of: domain)
      outcome += [result.status.rawValue, result.info.word, result.badge] + result.words
    }
  }
}

// MARK: arguments

extension RandomOperations {
  /// A capability pointer, mostly to a capability of the wanted type, sometimes anything.
  private mutating func pointer(to wanted: CapabilityType? = nil) -> UInt64 {
    let dice = Int.random(in: 0..<100, using: &generator)
    if dice == 0 { return generator.next() }
    if dice < 10 { return UInt64.random(in: 0..<Self.arenaSlots, using: &generator) }
    let matching = (0..<Self.arenaSlots).filter {
      let type = arenaSlot($0).capability.type
      return wanted.map { $0 == type } ?? (type != .null)
    }
    return matching.randomElement(using: &generator)
      ?? UInt64.random(in: 0..<Self.arenaSlots, using: &generator)
  }

  private mutating func freeSlot() -> UInt64 {
    (4..<Self.arenaSlots).filter { arenaSlot($0).capability.isNull }.randomElement(using: &generator) ?? 70
  }

  /// The capabilities that the arena cannot do without stay.
  private mutating func victim() -> UInt64 { UInt64.random(in: 4..<Self.arenaSlots, using: &generator) }

  private mutating func below(_ limit: UInt64) -> UInt64 {
    Int.random(in: 0..<40, using: &generator) == 0
      ? generator.next() : UInt64.random(in: 0..<limit, using: &generator)
  }

  private mutating func arguments(of invocation: Invocation) -> [UInt64] {
    switch invocation {
    case .untypedRetype:
      let sizes: [UInt64] = [1, 2, 3, 6, 12, 13, 14]
      return [
        below(11), sizes.randomElement(using: &generator) ?? 1, 1 &+ below(3), pointer(to: .cnode),
        freeSlot(),
        0,
      ]
    case .cnodeCopy: return [freeSlot(), pointer(to: .cnode), pointer(), below(8), 0, 0]
    case .cnodeMint: return [freeSlot(), pointer(to: .cnode), pointer(), below(8), below(4), below(64)]
    case .cnodeMove: return [freeSlot(), pointer(to: .cnode), victim(), 0, 0, 0]
    case .cnodeDelete, .cnodeRevoke, .cnodeCancelBadgedSends: return [victim(), 0, 0, 0, 0, 0]
    case .cnodeRotate:
      let source = victim()
      return [Bool.random(using: &generator) ? source : freeSlot(), victim(), source, 0, 0, 0]
    case .cnodeSaveReply: return [freeSlot(), 0, 0, 0, 0, 0]
    case .domainConfigure: return [1, pointer(to: .protectionDomain), pointer(to: .endpoint), 0, 0, 0]
    case .domainStart, .domainSuspend, .domainResume, .domainSetName: return [0x1000, 0x2000, 0, 0, 0, 0]
    case .domainReadRegisters, .domainWriteRegisters: return [below(35), below(5), 1, 2, 3, 4]
    case .domainRun:
      return [Bool.random(using: &generator) ? 0 : hosted.machine.now &+ below(20_000), 0, 0, 0, 0, 0]
    case .domainSetControlBlock: return [below(2) &* pointer(to: .frame), 0, 0, 0, 0, 0]
    case .domainBindNotification: return [below(2) &* pointer(to: .notification), 0, 0, 0, 0, 0]
    case .protectionDomainAttach, .protectionDomainDetach:
      return [pointer(to: .segment), below(8), 0, 0, 0, 0]
    case .protectionDomainInstall: return [pointer(to: .pageTable), segmentAddress(), 0, 0, 0, 0]
    case .segmentMap: return [pointer(to: .frame), below(4), below(8), 0, 0, 0]
    case .segmentUnmap: return [pointer(to: .frame), 0, 0, 0, 0, 0]
    case .segmentProtect: return [pointer(to: .frame), below(8), 0, 0, 0, 0]
    case .timeSliceSplit: return [below(4), pointer(to: .cnode), freeSlot(), 0, 0, 0]
    case .timeSliceBind: return [pointer(to: .domain), 0, 0, 0, 0, 0]
    case .irqControlGet: return [32 &+ below(8), below(2), pointer(to: .cnode), freeSlot(), 0, 0]
    case .irqControlLimit: return [32 &+ below(8), below(700_000), 0, 0, 0, 0]
    case .irqHandlerBind: return [pointer(to: .notification), 0, 0, 0, 0, 0]
    default: return [below(8), below(8), below(8), below(8), below(8), below(8)]
    }
  }

  /// Where one of the arena's segments would be attached.
  private mutating func segmentAddress() -> UInt64 {
    let slot = arenaSlot(pointer(to: .segment) % Self.arenaSlots)
    return AddressSpace.segmentAddress(table: slot.capability.address) & (1 << 48 - 1)
  }
}
