internal import GDBProtocol

extension GDBStub {
  /// `c [ADDRESS]` and `s [ADDRESS]`: go on, from another place if one is given.
  mutating func resume(_ how: Resumption, at packet: inout PacketCursor) -> Directive {
    if !packet.isAtEnd {
      guard let address = packet.number(), packet.isAtEnd else { return refuse(.malformed) }
      guard isStopped else { return refuse(.running) }
      let place = RegisterContents(address)
      guard target.writeRegister(Architecture.programCounter, of: target.currentThread, to: place) else {
        return refuse(.refused)
      }
    }
    return resume(how)
  }

  /// `C SIGNAL[;ADDRESS]` and `S SIGNAL[;ADDRESS]`. There are no signals to deliver.
  mutating func resumeWithSignal(_ how: Resumption, _ packet: inout PacketCursor) -> Directive {
    guard packet.hexByte() != nil else { return refuse(.malformed) }
    if packet.isAtEnd { return resume(how) }
    guard packet.take(UInt8(ascii: ";")), !packet.isAtEnd else { return refuse(.malformed) }
    return resume(how, at: &packet)
  }

  /// `vCont;ACTION[:THREAD]…`: what the current thread shall do, and whether another one is to be stepped; the others
  /// wait to be dispatched.
  mutating func resumeEach(_ packet: inout PacketCursor) -> Directive {
    guard packet.take(UInt8(ascii: ";")) else { return refuse(.malformed) }
    if session.isNonStop { return resumeThreads(&packet) }
    var chosen: ContinueAction?
    var other: SteppedThread?
    var namesAll = false
    while !packet.isAtEnd {
      var field = packet.field(until: UInt8(ascii: ";"))
      guard let action = ContinueAction(&field), let thread = ThreadSelector(afterColon: &field),
        field.isAtEnd
      else {
        return refuse(.malformed)
      }
      // The leftmost action that names a thread is the one that counts.
      if chosen == nil, thread.includes(target.currentThread) { chosen = action }
      if case .one(let one) = thread {
        if other == nil, !namesAll, canStepAlone(one) { other = SteppedThread(one, action) }
      } else {
        namesAll = true
      }
    }
    switch chosen {
    case .go(.run):
      if let other { return resume(stepping: other) }
      return resume(.run)
    case .go(.step): return resume(.step)
    case .goThrough(let start, let end):
      let range = SteppingRange(start: start, end: end, thread: target.currentThread)
      if isStopped { steppingRange = range }
      return resume(.step)
    case .stop: return queryStop()
    case nil: return refuse(.noThread)
    }
  }

  /// Lets a stopped target go on. One that runs goes on running, and the client waits for it to stop.
  private mutating func resume(_ how: Resumption) -> Directive {
    session.isListening = true
    session.awaitsStop = true
    // All-stop mode is that of a client that knows of no thread held by another.
    releaseThreads()
    guard isStopped else { return .none }
    execution = .running
    return .resume(how)
  }

  private func canStepAlone(_ thread: ThreadID) -> Bool {
    Target.holdsThreads && isStopped && thread != target.currentThread && target.canHold(thread)
      && target.isAlive(thread)
  }

  /// The target goes on, and stops when a thread that is not the current one has had its turn for one instruction, if
  /// nothing else stops it before.
  private mutating func resume(stepping other: SteppedThread) -> Directive {
    let directive = resume(.run)
    steppingRange = other.range
    session.steppedThread = other.thread
    target.release(other.thread, .step)
    return directive
  }

  private mutating func refuse(_ error: StubError) -> Directive {
    reply(error)
    return .none
  }

  /// `D`: the client goes; the target runs on as if it had never been there.
  mutating func detach() -> Directive {
    reply("OK")
    awaitsLastAcknowledgement = session.acknowledges
    return leave()
  }

  /// `k`, which has no reply.
  mutating func kill() -> Directive {
    let directive = leave()
    return target.canReset ? .reset : directive
  }

  /// `vKill`.
  mutating func killWithReply() -> Directive {
    reply("OK")
    return kill()
  }

  /// `R DIGITS`, which has no reply: as `k`, for a client that would go on. The number means nothing.
  mutating func restart(_ packet: inout PacketCursor) -> Directive {
    guard packet.hexByte() != nil, packet.isAtEnd else { return refuse(.malformed) }
    guard target.canReset else {
      replyUnsupported()
      return .none
    }
    return kill()
  }

  private mutating func leave() -> Directive {
    steppingRange = nil
    forgetStep()
    liftBreakpoints()
    releaseThreads()
    session = Session()
    guard isStopped else { return .none }
    execution = .running
    return .resume(.run)
  }
}

/// A thread that is to be stepped though it is not the current one.
private struct SteppedThread {
  let thread: ThreadID
  let range: SteppingRange?

  /// Nil if `action` is no step.
  init?(_ thread: ThreadID, _ action: ContinueAction) {
    switch action {
    case .go(.step): range = nil
    case .goThrough(let start, let end): range = SteppingRange(start: start, end: end, thread: thread)
    case .go(.run), .stop: return nil
    }
    self.thread = thread
  }
}

/// What one action of `vCont` asks for.
enum ContinueAction {
  case go(Resumption)
  /// To step as long as the program counter is from one address on and below the other.
  case goThrough(UInt64, UInt64)
  case stop

  /// How a thread goes on that is not stepped through a range without a stop; it may stop after each instruction.
  var resumption: Resumption {
    switch self {
    case .go(let how): how
    case .goThrough: .step
    case .stop: .run
    }
  }

  /// `c`, `s`, `C SIGNAL`, `S SIGNAL`, `r START,END` or `t`.
  init?(_ field: inout PacketCursor) {
    switch field.next() {
    case UInt8(ascii: "c"): self = .go(.run)
    case UInt8(ascii: "s"): self = .go(.step)
    case UInt8(ascii: "t"): self = .stop
    case UInt8(ascii: "r"):
      guard let (start, end) = field.numberPair() else { return nil }
      self = .goThrough(start, end)
    case UInt8(ascii: "C"):
      guard field.hexByte() != nil else { return nil }
      self = .go(.run)
    case UInt8(ascii: "S"):
      guard field.hexByte() != nil else { return nil }
      self = .go(.step)
    default: return nil
    }
  }
}
