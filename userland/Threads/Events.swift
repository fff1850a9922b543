internal import LibVesper
internal import ThreadSwitch

// Signals of the bound notification come with activations, receives and loans. Whatever brings them, they are kept until
// a thread takes them.
extension Threads {
  /// Waits for signals to the bound notification, an interrupt's for instance, while the domain's other threads go on.
  ///
  /// - Parameter mask: bits, of badges that no carrier's `told` has.
  /// - Returns: those of them that were signalled and that nobody took before; there is one at least.
  public static func waitForEvents(_ mask: UInt64) -> UInt64 {
    precondition(mask != 0)
    let scheduler = Scheduler.own
    scheduler.enter()
    defer { scheduler.leave() }
    scheduler.pollEvents()
    let kept = scheduler.takeEvents(mask)
    if kept != 0 { return kept }
    let thread = scheduler.current
    thread.object.word = mask
    scheduler.state.object.eventWaiters.append(thread)
    scheduler.switchToNext()
    return thread.object.word
  }
}

extension Scheduler {
  /// Lets the threads that wait for these bits run before all others.
  ///
  /// - Returns: whether there are any.
  @discardableResult
  func keep(_ events: UInt64) -> Bool {
    guard events != 0 else { return false }
    state.object.events |= events
    var waiting = state.object.eventWaiters
    var (others, woken) = (WaitQueue(), WaitQueue())
    while !waiting.isEmpty {
      let thread = waiting.popFirst()
      let taken = takeEvents(thread.object.word)
      if taken == 0 {
        others.append(thread)
      } else {
        thread.object.word = taken
        woken.append(thread)
      }
    }
    state.object.eventWaiters = others
    state.object.ready.prepend(woken)
    return !woken.isEmpty
  }

  fileprivate func takeEvents(_ mask: UInt64) -> UInt64 {
    let taken = state.object.events & mask
    state.object.events &= ~taken
    return taken
  }

  /// Looks for signals that nothing told of: without activations, or while somebody has entered.
  @inline(never)
  func pollEvents() {
    if state.object.isPreemptive && !isPending { return }
    pollPending()
  }

  /// - Returns: whether a thread waited for what was signalled.
  @discardableResult
  func pollPending() -> Bool {
    // Before, so that a signal that comes after the poll is told again.
    isPending = false
    return keep((try? state.object.notification.poll()) ?? 0)
  }
}
