import KernelObjects

extension Kernel {
  /// Sets the badge's bits and lets one waiter have what is set.
  func signal(_ notification: Reference<Notification>, badge: UInt64) -> Reference<Domain> {
    let bound = Reference<Domain>(notification.object.boundDomain)
    if !bound.isNone && bound.object.state == DomainState.blockedOnReceive.rawValue {
      Reference<Endpoint>(bound.object.blockedOn).receivers.remove(bound)
      hand(notification.object.pending | badge, to: bound)
      notification.object.pending = 0
      return bound
    }
    guard notification.object.waitHead != 0 else {
      notification.object.pending |= badge
      return .none
    }
    let waiter = Reference<Domain>(notification.object.waitHead)
    notification.waiters.remove(waiter)
    hand(badge, to: waiter)
    return waiter
  }

  func wait(_ capability: Capability, by domain: Reference<Domain>, isBlocking: Bool) throws(Refusal) {
    try require(.read, of: capability)
    let notification = Reference<Notification>(capability.address)
    if notification.object.pending != 0 {
      hand(notification.object.pending, to: domain)
      notification.object.pending = 0
      return
    }
    guard isBlocking else { throw Refusal(.noPartner) }
    // What is bound to one Domain is received by that Domain alone.
    guard notification.object.boundDomain == 0 else { throw Refusal(.invalidArgument) }
    domain.object.state = DomainState.blockedOnNotification.rawValue
    domain.object.blockedOn = notification.address
    notification.waiters.append(domain)
  }

  func hasBoundSignal(_ receiver: Reference<Domain>) -> Bool {
    let notification = Reference<Notification>(receiver.object.boundNotification)
    return !notification.isNone && notification.object.pending != 0
  }

  /// Gives a receiver the signals of its bound notification, if there are any.
  func takeBoundSignal(_ receiver: Reference<Domain>) -> Bool {
    guard hasBoundSignal(receiver) else { return false }
    let notification = Reference<Notification>(receiver.object.boundNotification)
    hand(notification.object.pending, to: receiver)
    notification.object.pending = 0
    return true
  }

  private func hand(_ badge: UInt64, to domain: Reference<Domain>) {
    wake(domain, with: .ok)
    domain[x: 8] = badge
  }

  func destroyNotification(_ notification: Reference<Notification>) {
    let bound = Reference<Domain>(notification.object.boundDomain)
    if !bound.isNone { bound.object.boundNotification = 0 }
    while notification.object.waitHead != 0 {
      let waiter = Reference<Domain>(notification.object.waitHead)
      notification.waiters.remove(waiter)
      wake(waiter, with: .cancelled)
    }
  }
}
