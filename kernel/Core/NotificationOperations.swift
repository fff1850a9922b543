import KernelObjects

extension Kernel {
  /// Sets the badge's bits and lets one waiter have what is set.
  @inline(__always)
  func signal(_ notification: Reference<Notification>, badge: UInt64) -> Reference<Domain> {
    // What is bound to one Domain has no other waiters.
    if notification.object.boundDomain != 0 { return signalBound(notification, badge: badge) }
    return signalUnbound(notification, badge: badge)
  }

  @inline(__always)
  func signalUnbound(_ notification: Reference<Notification>, badge: UInt64) -> Reference<Domain> {
    guard notification.object.waitHead != 0 else {
      notification.object.pending |= badge
      return .none
    }
    let waiter = notification.waiters.removeFirst()
    hand(badge, to: waiter)
    return waiter
  }

  @inline(never)
  private func signalBound(_ notification: Reference<Notification>, badge: UInt64) -> Reference<Domain> {
    notification.object.pending |= badge
    let bound = Reference<Domain>(notification.object.boundDomain)
    if bound.object.state == DomainState.lending.rawValue {
      interruptLending(bound, events: takeBoundEvents(bound))
      return bound
    }
    guard bound.object.state == DomainState.blockedOnReceive.rawValue else {
      guard bound.object.controlBlock.word0 != 0, activateForEvent(bound) else { return .none }
      return bound
    }
    Reference<Endpoint>(bound.object.blockedOn).receivers.remove(bound)
    hand(notification.object.pending, to: bound)
    notification.object.pending = 0
    return bound
  }

  @inline(__always)
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
    block(domain, .blockedOnNotification, on: notification.address)
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

  /// The signals of a Domain's bound notification, which are then taken.
  func takeBoundEvents(_ domain: Reference<Domain>) -> UInt64 {
    let notification = Reference<Notification>(domain.object.boundNotification)
    let events = notification.object.pending
    notification.object.pending = 0
    return events
  }

  private func hand(_ badge: UInt64, to domain: Reference<Domain>) {
    wake(domain, with: .ok)
    domain[x: 8] = badge
  }

  func unbind(_ notification: Reference<Notification>) {
    let bound = Reference<Domain>(notification.object.boundDomain)
    if bound.isNone { return }
    bound.object.boundNotification = 0
    notification.object.boundDomain = 0
  }

  /// Ends the first wait on a notification whose last capability is gone.
  func cancelOne(on notification: Reference<Notification>) {
    wake(notification.waiters.removeFirst(), with: .cancelled)
  }
}
