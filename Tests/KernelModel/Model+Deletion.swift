internal import KernelObjects

extension Model {
  /// Empties a slot. What was derived from its capability counts as derived from that one's parent.
  mutating func delete(_ place: Place) {
    guard let capability = slots[place] else { return }
    if capability.type == .timeSlice { bindOwnSlices(of: capability, to: nil) }
    if capability.type == .pageTable, let entry = capability.entry { removeEntries(below: entry) }
    let isLast = isLast(capability)
    for (child, value) in slots where value.parent == capability.name {
      slots[child]?.parent = capability.parent
    }
    slots[place] = nil
    if capability.type == .reply && !capability.isMaster { abandonReply(to: capability.object) }
    if isLast { destroy(capability) }
  }

  /// Removes all that was derived from the capability in `place`, and nothing else.
  mutating func revoke(_ place: Place) {
    guard let capability = slots[place] else { return }
    for name in descendants(of: capability.name) {
      if let place = self.place(of: name) { delete(place) }
    }
  }

  /// Its last capability is gone.
  private mutating func destroy(_ capability: CapabilityValue) {
    let object = capability.object
    switch capability.type {
    case .cnode: emptySlots(of: object)
    case .domain: destroyDomain(object)
    case .protectionDomain: destroyProtectionDomain(object)
    case .segment:
      for (place, value) in slots where value.mapping?.segment == object { slots[place]?.mapping = nil }
    case .endpoint: destroyEndpoint(object)
    case .notification: destroyNotification(object)
    case .irqHandler: releaseLine(object)
    default: break
    }
    if capability.type != .reply { forget(object) }
  }

  private mutating func emptySlots(of holder: ObjectName) {
    for place in slots.keys.filter({ $0.holder == holder }) { delete(place) }
  }

  private mutating func destroyDomain(_ domain: ObjectName) {
    suspend(domain)
    stopLending(to: domain)
    unbindNotification(of: domain)
    for index in vector.indices where vector[index] == domain { bind(index, to: nil) }
    emptySlots(of: domain)
  }

  private mutating func destroyProtectionDomain(_ object: ObjectName) {
    for (place, value) in slots where value.entry?.protectionDomain == object { slots[place]?.entry = nil }
    if activeProtectionDomain == object { activeProtectionDomain = nil }
  }

  private mutating func destroyEndpoint(_ name: ObjectName) {
    guard let endpoint = endpoints[name] else { return }
    for sender in endpoint.senders { cancel(sender) }
    for receiver in endpoint.receivers { wake(receiver, with: .cancelled) }
  }

  private mutating func destroyNotification(_ name: ObjectName) {
    guard let notification = notifications[name] else { return }
    if let bound = notification.bound { domains[bound]?.boundNotification = nil }
    for waiter in notification.waiters { wake(waiter, with: .cancelled) }
  }

  private mutating func releaseLine(_ object: ObjectName) {
    let irq = -1 - object.number
    clearBinding(of: irq)
    lines[irq].isIssued = false
    lines[irq].isEdge = false
    lines[irq].isMasked = false
    lines[irq].isThrottled = false
  }

  private mutating func forget(_ object: ObjectName) {
    addresses[object] = nil
    untypeds[object] = nil
    cnodes[object] = nil
    domains[object] = nil
    protectionDomains[object] = nil
    pageTables.remove(object)
    segments.remove(object)
    frames[object] = nil
    endpoints[object] = nil
    notifications[object] = nil
    timeSlices[object] = nil
  }

  /// What is entered below a table goes with it.
  private mutating func removeEntries(below entry: TableEntry) {
    for (place, value) in slots {
      if let other = value.entry, entry.isAbove(other) { slots[place]?.entry = nil }
    }
  }
}
