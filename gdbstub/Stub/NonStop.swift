internal import GDBProtocol

// Non-stop mode: threads are held one by one while the others run ("Remote Protocol Support for Non-Stop Mode" in the
// GDB manual). A stop is told by a notification, which the client takes with `vStopped`; what stops until then waits
// with its thread, in the target.
extension GDBStub {
  /// Whether a client is attached that wants threads to be held one by one: the owner does that through the target when
  /// one of them must stop, and calls ``announceStop()``.
  public var isNonStop: Bool { session.isNonStop }

  /// Tells the client of a stop that it does not know, unless it is being told of one already.
  public mutating func announceStop() {
    guard session.isAttached, session.isNonStop, session.announced == nil, let stop = nextStop() else {
      return
    }
    session.announced = stop
    writer.begin(Framing.notificationStart)
    writer.append("Stop:")
    append(stop)
    sendReply()
  }

  /// `QNonStop:1` and `QNonStop:0`. What is stopped as a whole goes on, but for the thread that it was stopped for.
  mutating func setNonStop(_ packet: inout PacketCursor) -> Directive {
    guard Target.holdsThreads else {
      replyUnsupported()
      return .none
    }
    guard packet.take(UInt8(ascii: ":")), let number = packet.number(), number <= 1, packet.isAtEnd else {
      reply(.malformed)
      return .none
    }
    reply("OK")
    session.isNonStop = number == 1
    guard session.isNonStop, case .stopped(let reason) = execution,
      target.hold(target.currentThread, for: reason)
    else { return .none }
    execution = .running
    return .resume(.run)
  }

  /// `?` in non-stop mode: all stops are told from the first on, the rest of them as answers to `vStopped`.
  mutating func queryStops() {
    session.hasToldOfHalt = false
    forEachThread { stub, thread in stub.target.setTold(false, of: thread) }
    replyNextStop()
  }

  /// `vStopped`: the client has taken one stop, and asks for the next.
  mutating func takeStop() {
    guard session.isNonStop else { return replyUnsupported() }
    if let stop = session.announced { setTold(stop) }
    replyNextStop()
  }

  private mutating func replyNextStop() {
    session.announced = nextStop()
    guard let stop = session.announced else { return reply("OK") }
    writer.begin()
    append(stop)
    sendReply()
  }

  /// `vCtrlC`: stop what was let go last, or what runs.
  mutating func interruptThread() {
    guard session.isNonStop else { return replyUnsupported() }
    reply("OK")
    interruptOne()
  }

  /// Holds one thread of those that run, as if it had been sent SIGINT.
  mutating func interruptOne() {
    var chosen: ThreadID?
    if let thread = session.resumedThread, isRunning(thread) {
      chosen = thread
    } else if isRunning(target.currentThread) {
      chosen = target.currentThread
    }
    forEachThread { stub, thread in if chosen == nil, stub.isRunning(thread) { chosen = thread } }
    if let chosen { _ = target.hold(chosen, for: .interrupt) }
    announceStop()
  }

  private func isRunning(_ thread: ThreadID) -> Bool {
    isListed(thread) && target.isAlive(thread) && target.hold(of: thread) == nil
  }
}

// MARK: Stops that the client does not know of

/// A stop that the client has not taken.
enum UntoldStop {
  /// The whole target stands still: this thread is in the kernel.
  case halt(ThreadID, StopReason)
  case held(ThreadID, StopReason)
  /// A thread that the client wanted to stop does not exist any more.
  case exited(ThreadID)
}

extension GDBStub {
  private mutating func nextStop() -> UntoldStop? {
    if case .stopped(let reason) = execution, !session.hasToldOfHalt {
      return .halt(target.currentThread, reason)
    }
    if let thread = session.exitedThread { return .exited(thread) }
    var stop: UntoldStop?
    forEachThread { stub, thread in
      if stop == nil, let hold = stub.target.hold(of: thread), !hold.isTold {
        stop = .held(thread, hold.reason)
      }
    }
    return stop
  }

  private mutating func setTold(_ stop: UntoldStop) {
    switch stop {
    case .halt: session.hasToldOfHalt = true
    case .held(let thread, _): target.setTold(true, of: thread)
    case .exited: session.exitedThread = nil
    }
  }

  private mutating func append(_ stop: UntoldStop) {
    switch stop {
    case .halt(let thread, let reason), .held(let thread, let reason): appendStop(reason, of: thread)
    case .exited(let thread):
      writer.append("w00;")
      writer.append(number: thread.number)
    }
  }
}

// MARK: Resuming

extension GDBStub {
  /// `vCont;ACTION[:THREAD]…` in non-stop mode: what each thread shall do, by the leftmost action that names it.
  mutating func resumeThreads(_ packet: inout PacketCursor) -> Directive {
    var check = packet
    while !check.isAtEnd {
      guard ThreadAction(&check) != nil else {
        reply(.malformed)
        return .none
      }
    }
    reply("OK")
    var directive = Directive.none
    forEachThread { stub, thread in
      var actions = packet
      while let one = ThreadAction(&actions) {
        guard one.threads.includes(thread) else { continue }
        if case .resume = stub.perform(one.action, thread) { directive = .resume(one.action.resumption) }
        return
      }
    }
    noteExitedThreads(packet)
    announceStop()
    return directive
  }

  /// - Returns: whether the target as a whole goes on.
  private mutating func perform(_ action: ContinueAction, _ thread: ThreadID) -> Directive {
    if case .stop = action {
      if target.hold(of: thread) == nil { _ = target.hold(thread, for: .request) }
    } else if isStopped, thread == target.currentThread, !target.canHold(thread) {
      guard session.hasToldOfHalt else { return .none }
      execution = .running
      session.hasToldOfHalt = false
      return .resume(action.resumption)
    } else if target.hold(of: thread)?.isTold == true {
      // What the client has not heard of yet remains stopped.
      session.resumedThread = thread
      target.release(thread, action.resumption)
    }
    return .none
  }

  /// A client that stops a thread waits for the stop, also of one that has just ended.
  private mutating func noteExitedThreads(_ packet: PacketCursor) {
    var actions = packet
    while let one = ThreadAction(&actions) {
      guard case .stop = one.action, case .one(let thread) = one.threads else { continue }
      if !isListed(thread) || !target.isAlive(thread) { session.exitedThread = thread }
    }
  }

  /// Lets all threads go that are held.
  mutating func releaseThreads() {
    guard Target.holdsThreads else { return }
    forEachThread { stub, thread in
      if stub.target.hold(of: thread) != nil { stub.target.release(thread, .run) }
    }
  }
}

/// One action of `vCont` with the threads that it is for.
private struct ThreadAction {
  let action: ContinueAction
  let threads: ThreadSelector

  /// Nil at the end, or if it is malformed.
  init?(_ packet: inout PacketCursor) {
    guard !packet.isAtEnd else { return nil }
    var field = packet.field(until: UInt8(ascii: ";"))
    guard let action = ContinueAction(&field), let threads = ThreadSelector(afterColon: &field), field.isAtEnd
    else { return nil }
    self.action = action
    self.threads = threads
  }
}

// MARK: Threads

extension GDBStub {
  /// Whether a thread is one that the client should see. While threads are held one by one, a processor that has
  /// nothing to do is none.
  func isListed(_ thread: ThreadID) -> Bool {
    !session.isNonStop || isStopped || target.canHold(thread)
  }

  func thread(after thread: ThreadID?) -> ThreadID? {
    var next = target.thread(after: thread)
    while let one = next, !isListed(one) { next = target.thread(after: one) }
    return next
  }

  private mutating func forEachThread(_ body: (inout Self, ThreadID) -> Void) {
    var next = thread(after: nil)
    while let one = next {
      body(&self, one)
      next = thread(after: one)
    }
  }
}
