internal import HostedKernel
internal import KernelObjects

extension OperationGenerator {
  mutating func communication(by actor: Actor, _ lockstep: Lockstep) -> Operation {
    var call = Int.random(in: 0..<100, using: &random) == 0 ? random.next() : 1 + below(9)
    if lockstep.hasCaller(actor) && Bool.random(using: &random) {
      call = (Bool.random(using: &random) ? SystemCall.reply : .replyReceive).rawValue
    }
    let types: [CapabilityType] = [.endpoint, .endpoint, .endpoint, .notification, .reply]
    if lockstep.hasCaller(actor) && Int.random(in: 0..<4, using: &random) == 0 {
      return .call(actor, registerAnswer(call, pointer(to: .endpoint)))
    }
    let hasCapability = Int.random(in: 0..<3, using: &random) == 0
    let length = UInt64.random(in: 0...7, using: &random)
    let label = UInt64.random(in: 0..<3, using: &random)
    let registers = CallRegisters(
      call, pointer(to: types.randomElement(using: &random)),
      info: MessageInfo(label: label, length: length, hasCapability: hasCapability).word,
      words: (0..<6).map { _ in UInt64.random(in: 0..<8, using: &random) }, passed: pointer(to: nil),
      receiveSlot: receivingPointer())
    return .call(actor, registers)
  }

  /// An answer to a fault that sets registers, seldom in a wrong way.
  private mutating func registerAnswer(_ call: UInt64, _ pointer: UInt64) -> CallRegisters {
    var numbers: Set<UInt64> = []
    for _ in 0..<Int.random(in: 0...5, using: &random) {
      numbers.insert(
        UInt64.random(in: 0..<(Int.random(in: 0..<40, using: &random) == 0 ? 64 : 35), using: &random))
      if Bool.random(using: &random) { numbers.insert(UInt64.random(in: 31...34, using: &random)) }
    }
    let values = numbers.sorted().prefix(5).map { number -> UInt64 in
      let allowed: UInt64 = number == UInt64(DomainValue.programStatus) ? 0xf000_0000 : ~3
      return random.next() & (Int.random(in: 0..<20, using: &random) == 0 ? .max : allowed)
    }
    let chosen = numbers.sorted().prefix(5).reduce(UInt64(0)) { $0 | 1 << $1 }
    let length = UInt64(values.count) + (Int.random(in: 0..<20, using: &random) == 0 ? 2 : 1)
    return CallRegisters(
      call, pointer, info: MessageInfo(label: 2, length: length).word, words: [chosen] + values, passed: 0,
      receiveSlot: receivingPointer())
  }

  /// A word of what may be a control block: mostly as a program would write it, sometimes anything.
  mutating func write() -> Operation {
    let slot = slot(of: .frame)
    let words: [ControlBlock.Word] = [.isOn, .isOn, .isOn, .entry, .stack, .flags, .saveIndex, .isPending]
    guard Int.random(in: 0..<10, using: &random) > 0, let word = words.randomElement(using: &random) else {
      return .write(slot, word: below(512), random.next())
    }
    let value: UInt64 =
      switch word {
      case .isOn: below(8) == 0 ? below(3) : 1
      case .flags: below(2)
      case .saveIndex: below(ControlBlock.contextCount)
      case .isPending: 0
      default: random.next()
      }
    return .write(slot, word: word.rawValue, value)
  }

  /// Takes back all that was made of the arena's memory.
  mutating func reclaim(_ lockstep: Lockstep) -> Operation {
    let arena = Environment.Arena.self
    let untyped = lockstep.arenaCapability(arena.untyped.rawValue)
    let hasChildren = untyped.map { !lockstep.model.children(of: $0.name).isEmpty } ?? false
    let registers =
      hasChildren
      ? CallRegisters(invoke: .cnodeRevoke, on: arena.arena.rawValue, [arena.untyped.rawValue])
      : CallRegisters(invoke: .untypedReset, on: arena.untyped.rawValue, [])
    return .call(actor(lockstep), registers)
  }

  /// Mostly one of the theme's, that something in the arena understands.
  private mutating func usefulInvocation() -> Invocation {
    if isCrowded && Int.random(in: 0..<3, using: &random) == 0 {
      return Int.random(in: 0..<3, using: &random) == 0 ? .cnodeRevoke : .cnodeDelete
    }
    let constructive: [Invocation] = [.untypedRetype, .untypedRetype, .cnodeCopy, .cnodeMint]
    for _ in 0..<8 {
      let choices = Int.random(in: 0..<4, using: &random) == 0 ? constructive : Invocation.allCases
      let invocation = choices.randomElement(using: &random) ?? .cnodeDelete
      let isRareEnd = invocation == .cnodeRevoke || invocation == .untypedReset
      if isRareEnd && Int.random(in: 0..<4, using: &random) > 0 { continue }
      let isKnown = arena.contains { $0?.type.rawValue == invocation.objectType }
      if isKnown && theme.contains(where: { $0.rawValue == invocation.objectType }) { return invocation }
    }
    return Invocation.allCases.randomElement(using: &random) ?? .cnodeDelete
  }

  /// An Untyped; seldom the device's, of which only frames can be made.
  private mutating func untyped() -> UInt64 {
    Int.random(in: 0..<3, using: &random) > 0 ? Environment.Arena.untyped.rawValue : pointer(to: .untyped)
  }

  /// What retype makes: mostly something of the theme.
  private mutating func newType() -> UInt64 {
    let types: [CapabilityType] = [
      .untyped, .cnode, .domain, .protectionDomain, .pageTable, .pageTable, .segment, .frame, .endpoint,
      .notification,
    ]
    if Int.random(in: 0..<30, using: &random) == 0 { return below(16) }
    return UInt64(types.filter(theme.contains).randomElement(using: &random)?.rawValue ?? 1)
  }

  mutating func invocation(_ model: Model) -> CallRegisters {
    let invocation = usefulInvocation()
    let type = CapabilityType(rawValue: invocation.objectType)
    if type == .cnode { return cnodeInvocation(invocation, model) }
    let words = arguments(of: invocation, model)
    let target =
      switch invocation {
      case .untypedRetype: untyped()
      case .segmentUnmap, .segmentProtect: segment(of: words[0])
      default: pointer(to: type)
      }
    return CallRegisters(invoke: invocation, on: target, words)
  }

  /// Mostly a segment that the frame is mapped in.
  private mutating func segment(of frame: UInt64) -> UInt64 {
    let mapping = frame < UInt64(arena.count) ? arena[Int(frame)]?.mapping : nil
    let matching = arena.indices.filter { index in
      guard let capability = arena[index], let mapping else { return false }
      return capability.type == .segment && capability.object == mapping.segment
    }
    if Int.random(in: 0..<4, using: &random) == 0 { return pointer(to: .segment) }
    return matching.randomElement(using: &random).map { UInt64($0) } ?? pointer(to: .segment)
  }

  private mutating func cnodeInvocation(_ invocation: Invocation, _ model: Model) -> CallRegisters {
    let isDestination =
      switch invocation {
      case .cnodeDelete, .cnodeRevoke, .cnodeCancelBadgedSends, .cnodeRotate: false
      default: true
      }
    let (cnode, index) = slotInCNode(isEmpty: isDestination, isVictim: true, model)
    let source = slotInCNode(isEmpty: false, isVictim: invocation == .cnodeMove, model)
    let words: [UInt64]
    switch invocation {
    case .cnodeCopy: words = [index, source.cnode, source.index, rights()]
    case .cnodeMint:
      words = [
        index, source.cnode, source.index, rights(), below(4), Bool.random(using: &random) ? 2 : below(64),
      ]
    case .cnodeMove: words = [index, source.cnode, source.index]
    case .cnodeRotate: words = [Bool.random(using: &random) ? emptySlot() : index, victim(), index]
    default: words = [index]
    }
    return CallRegisters(invoke: invocation, on: cnode, words)
  }

  private mutating func arguments(of invocation: Invocation, _ model: Model) -> [UInt64] {
    switch invocation {
    case .untypedRetype:
      let sizes: [UInt64] = [1, 2, 3, 4, 5, 12, 13, 14]
      let (cnode, index) = slotInCNode(isEmpty: true, model)
      return [newType(), sizes.randomElement(using: &random) ?? 1, 1 &+ below(2), cnode, index]
    case .domainConfigure:
      return [
        Bool.random(using: &random) ? Environment.Arena.arena.rawValue : pointer(to: .cnode),
        pointer(to: .protectionDomain), Bool.random(using: &random) ? 0 : pointer(to: .endpoint),
      ]
    case .domainRun: return [Bool.random(using: &random) ? 0 : model.now &+ below(800_000)]
    case .domainReadRegisters: return [register()]
    case .domainWriteRegisters:
      return [register(), below(6), below(64), random.next(), below(64), random.next()]
    case .domainSetControlBlock: return [below(6) == 0 ? 0 : pointer(to: .frame)]
    case .domainBindNotification: return [Bool.random(using: &random) ? 0 : pointer(to: .notification)]
    case .protectionDomainAttach: return [pointer(to: .segment, isEntered: false), rights()]
    case .protectionDomainDetach: return [pointer(to: .segment, isEntered: true)]
    case .protectionDomainInstall:
      return [pointer(to: .pageTable, isEntered: false), segmentAddress(model)]
    case .segmentMap: return [pointer(to: .frame, isEntered: false), below(4), pageRights()]
    case .segmentTranslate: return [Int.random(in: 0..<20, using: &random) == 0 ? random.next() : below(5)]
    case .segmentUnmap: return [pointer(to: .frame, isEntered: true)]
    case .segmentProtect: return [pointer(to: .frame, isEntered: true), pageRights()]
    case .timeSliceSplit:
      let (cnode, index) = slotInCNode(isEmpty: true, model)
      return [below(6), cnode, index]
    case .timeSliceBind, .debugSetName: return [pointer(to: .domain), below(64), below(64)]
    case .irqControlGet:
      let (cnode, index) = slotInCNode(isEmpty: true, model)
      return [Int.random(in: 0..<30, using: &random) == 0 ? random.next() : line(), below(2), cnode, index]
    case .irqControlLimit:
      let irq = Int.random(in: 0..<30, using: &random) == 0 ? Environment.kernelLine : line()
      return [irq, [0, 100, below(HostMachine.tickCounts)].randomElement(using: &random) ?? 0]
    case .irqHandlerBind: return [pointer(to: .notification)]
    case .debugWrite: return [below(41)] + (0..<5).map { _ in random.next() }
    default: return (0..<6).map { _ in below(64) }
    }
  }

  /// The number of a general or a floating-point register.
  private mutating func register() -> UInt64 {
    let floatingPoint = FloatingPointState.registers
    return Bool.random(using: &random)
      ? below(UInt64(RegisterFrame.count)) : floatingPoint.lowerBound &+ below(UInt64(floatingPoint.count))
  }

  private mutating func pageRights() -> UInt64 {
    let usual: [UInt64] = [1, 3, 5]
    return Bool.random(using: &random) ? usual.randomElement(using: &random) ?? 1 : below(8)
  }

  /// Where one of the arena's segments would be attached.
  private mutating func segmentAddress(_ model: Model) -> UInt64 {
    let slot = slot(of: .segment)
    guard let capability = arena[Int(slot)], capability.type == .segment else { return below(1 << 48) }
    return model.segmentAddress(capability.object)
  }
}
