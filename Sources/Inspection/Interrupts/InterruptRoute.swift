/// The way of one interrupt line: from the controller over its handler and Notification to the domains that serve it.
package struct InterruptRoute: Sendable {
  package let irq: IRQRecord
  /// At the controller; nil if it could not be read.
  package let isEnabled, isPending: Bool?
  /// The place of the IRQHandler capability.
  package let handler: UInt64?
  /// The badged capability that is signalled.
  package let notification: CapabilityRecord?
  /// Bits of the Notification that nobody has taken yet.
  package let signalled: UInt64
  /// Domains that wait for it, at the Notification itself or, if it is bound to them, at an Endpoint.
  package let waiters: [UInt64]
  /// Domains that hold the handler.
  package let acknowledgers: [UInt64]
  /// Domains that can receive from the Notification.
  package let receivers: [UInt64]

  package init(_ irq: IRQRecord, controller: InterruptControllerState?, in snapshot: Snapshot) {
    self.irq = irq
    isEnabled = controller?.isEnabled(irq.line)
    isPending = controller?.isPending(irq.line)
    let handlers = snapshot.holders[ObjectID(.irqHandler, UInt64(irq.line))] ?? []
    handler = handlers.first
    notification = snapshot.slots[irq.slot]?.capability
    let record = notification.flatMap { snapshot.notifications[$0.address] }
    signalled = record?.pending ?? 0
    let bound = record.flatMap { snapshot.domains[$0.boundDomain] }
    waiters = (record?.waiters ?? []) + (bound?.state == "blocked-on-receive" ? [bound?.address ?? 0] : [])
    acknowledgers = snapshot.holdingDomains(of: handlers)
    let readable = (notification?.object.flatMap { snapshot.holders[$0] } ?? []).filter {
      snapshot.slots[$0]?.capability.rights.read == true
    }
    receivers = Array(Set(snapshot.holdingDomains(of: readable) + (bound.map { [$0.address] } ?? [])))
      .sorted()
  }

  private var badge: UInt64 {
    if case .badge(let badge)? = notification?.detail { badge } else { 0 }
  }

  /// What keeps interrupts from being served, in words.
  package func problems(in snapshot: Snapshot) -> [String] {
    let isEnabled = forwarding
    if irq.isKernel {
      return isEnabled == false ? ["the kernel's own, but the controller does not forward it"] : []
    }
    guard irq.isIssued else {
      return isEnabled == true ? ["enabled at the controller, but nobody handles it"] : []
    }
    guard notification != nil else {
      if isEnabled == true {
        return ["enabled at the controller, but its handler is bound to no notification"]
      }
      return isPending == true
        ? ["pending at the controller, but its handler is bound to no notification"] : []
    }
    return [maskedForEver(snapshot), notForwarded, notTaken(snapshot), throttled(snapshot)]
      .compactMap { $0 }
  }

  /// Whether the controller forwards it, if that says anything: what software sends may be enabled for good.
  private var forwarding: Bool? { irq.line < InterruptControllerState.firstPrivateLine ? nil : isEnabled }

  private func maskedForEver(_ snapshot: Snapshot) -> String? {
    guard irq.isMasked, !acknowledgers.contains(where: snapshot.canRun) else { return nil }
    guard !acknowledgers.isEmpty else {
      return "masked for ever: no domain holds its handler to acknowledge it"
    }
    return "masked for ever: \(snapshot.states(of: acknowledgers)), so nobody will acknowledge it"
  }

  private var notForwarded: String? {
    guard let forwarding, forwarding == irq.isMasked else { return nil }
    return irq.isMasked
      ? "masked for the kernel, but enabled at the controller"
      : "not masked for the kernel, but the controller does not forward it"
  }

  private func throttled(_ snapshot: Snapshot) -> String? {
    guard let budget = irq.budget, budget.isThrottled else { return nil }
    if !acknowledgers.isEmpty, !acknowledgers.contains(where: snapshot.hasSlots) {
      let drivers = acknowledgers.map { snapshot.names.name(of: ObjectID(.domain, $0)) }
      return "throttled: its budget is used, and who acknowledges it (\(drivers.joined(separator: ", ")))"
        + " has no slots to go on in: give it slots of its own"
    }
    // Somebody wants its handlers to run in their own slots only.
    guard budget.counts > 0 else { return nil }
    return "throttled: its handlers used the line's budget, and go on in their own slots only: if that is too"
      + " slow, give them more slots, or the line a larger budget"
  }

  private func notTaken(_ snapshot: Snapshot) -> String? {
    guard signalled & badge != 0, waiters.isEmpty, !receivers.contains(where: snapshot.canRun) else {
      return nil
    }
    let who = receivers.isEmpty ? "no domain can receive it" : snapshot.states(of: receivers)
    return "signalled, and nobody takes it: \(who)"
  }
}

extension Snapshot {
  /// Domains whose root CNode holds one of these slots.
  fileprivate func holdingDomains(of slots: [UInt64]) -> [UInt64] {
    let cnodes = Set(
      slots.compactMap { slot -> UInt64? in
        guard case .cnode(let address, _)? = self.slots[slot]?.holder else { return nil }
        return address
      })
    return orderedDomains.map(\.address).filter { domain in
      ownSlot("cnode", of: domain).map { cnodes.contains($0.capability.address) } ?? false
    }
  }

  fileprivate func hasSlots(_ domain: UInt64) -> Bool { state.slices.contains { $0.domain == domain } }

  /// Whether a domain runs, or waits for something that may come: it is not stopped.
  fileprivate func canRun(_ domain: UInt64) -> Bool {
    guard let domain = domains[domain] else { return false }
    return domain.state != "inactive" && domain.state != "held" && !domain.isHeld && !domain.isFault
  }

  fileprivate func states(of domains: [UInt64]) -> String {
    domains.map { domain in
      let name = names.name(of: ObjectID(.domain, domain))
      let record = self.domains[domain]
      if record?.isFault == true { return "\(name) has faulted" }
      return record?.isHeld == true ? "\(name) is held" : "\(name) is inactive"
    }.joined(separator: ", ")
  }
}
