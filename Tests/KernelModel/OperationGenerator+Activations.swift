internal import KernelObjects

// The way to an activation is long: hardly anybody goes it by chance.
extension OperationGenerator {
  /// A step of it: a domain gets a control block, a Notification, a signal, activations that are on, or time.
  mutating func activationStep(_ lockstep: Lockstep) -> Operation {
    let actor = actor(lockstep)
    let domain = signalledDomain(lockstep.model) ?? slot(of: .domain)
    guard let capability = arena[Int(domain)], capability.type == .domain else { return .tick }
    let block = lockstep.model.slots[.own(.controlBlock, of: capability.object)]?.object
    guard let block, let page = places(of: block, .frame).first else {
      return .call(actor, CallRegisters(invoke: .domainSetControlBlock, on: domain, [slot(of: .frame)]))
    }
    guard let bound = lockstep.model.domains[capability.object]?.boundNotification else {
      let notification = slot(of: .notification)
      return .call(actor, CallRegisters(invoke: .domainBindNotification, on: domain, [notification]))
    }
    let isSignalled = lockstep.model.notifications[bound]?.pending ?? 0 != 0
    let isOn = lockstep.model[block, .isOn] == 1
    switch (isSignalled, isOn, Int.random(in: 0..<4, using: &random)) {
    case (_, false, 0...1), (true, false, _):
      return .write(UInt64(page), word: ControlBlock.Word.isOn.rawValue, 1)
    case (false, _, 1...2): return signal(bound, by: actor)
    case (_, _, 0): return .tick
    case (false, _, _):
      return .call(actor, CallRegisters(invoke: .timeSliceBind, on: slot(of: .timeSlice), [domain]))
    // What waits already comes with the next slice.
    default: return .call(actor, CallRegisters(invoke: .domainRun, on: domain, [0]))
    }
  }

  /// Slot of a domain whose bound Notification has signals.
  private mutating func signalledDomain(_ model: Model) -> UInt64? {
    let slots = arena.indices.filter { index in
      guard let capability = arena[index], capability.type == .domain,
        let bound = model.domains[capability.object]?.boundNotification
      else { return false }
      return model.notifications[bound]?.pending ?? 0 != 0
    }
    return slots.randomElement(using: &random).map { UInt64($0) }
  }

  /// A signal with a badge, or the way to one: without a badge it is none.
  private mutating func signal(_ notification: ObjectName, by actor: Actor) -> Operation {
    let places = places(of: notification, .notification)
    if let badged = places.first(where: { arena[$0]?.badge != 0 }) {
      return .call(actor, CallRegisters(SystemCall.send.rawValue, UInt64(badged)))
    }
    let node = Environment.Arena.arena.rawValue
    let source = places.first.map { UInt64($0) } ?? slot(of: .notification)
    return .call(
      actor, CallRegisters(invoke: .cnodeMint, on: node, [emptySlot(), node, source, 7, 1 + below(64)]))
  }

  private func places(of object: ObjectName, _ type: CapabilityType) -> [Int] {
    arena.indices.filter { arena[$0]?.object == object && arena[$0]?.type == type }
  }
}
