internal import GDBProtocol

extension GDBStub {
  /// Tells the stub that the target has stopped, and why. From now until a ``Directive/resume(_:)`` all bytes
  /// of the line must go to ``receive(_:)``, and the target must not run.
  ///
  /// - Returns: ``Directive/resume(_:)`` if a range is being stepped through and this step has not left it: the
  ///   target is not stopped then, and goes on, once the owner has looked at the line for Ctrl-C.
  @discardableResult
  public mutating func stopped(_ reason: StopReason) -> Directive {
    guard !isStopped else { return .none }
    forgetStep()
    if reason == .step, isInSteppingRange { return .resume(.step) }
    steppingRange = nil
    flushConsole()
    execution = .stopped(reason)
    if session.isNonStop {
      session.hasToldOfHalt = false
      announceStop()
      return .none
    }
    session.selectedThread = nil
    guard session.isAttached, session.awaitsStop || session.isListening else { return .none }
    replyStop(reason)
    return .none
  }

  /// Whether the target runs until a thread that was not the current one has done a step: then all stops.
  public var isSteppingOneThread: Bool { session.steppedThread != nil }

  /// A thread that was to be stepped goes on as all others do.
  mutating func forgetStep() {
    guard let thread = session.steppedThread else { return }
    session.steppedThread = nil
    target.release(thread, .run)
  }

  private var isInSteppingRange: Bool {
    mutating get {
      guard let range = steppingRange, range.thread == target.currentThread,
        let address = target.readRegister(Target.Architecture.programCounter, of: range.thread)?.low
      else { return false }
      return address >= range.start && address < range.end
    }
  }

  /// `?`: why did the target stop? One that runs is stopped for it, and the answer comes when it has.
  mutating func queryStop() -> Directive {
    if session.isNonStop {
      queryStops()
      return .none
    }
    guard case .stopped(let reason) = execution else {
      session.awaitsStop = true
      return .stop
    }
    replyStop(reason)
    return .none
  }

  /// A stop reply with what gdb would ask next.
  private mutating func replyStop(_ reason: StopReason) {
    session.awaitsStop = false
    writer.begin()
    appendStop(reason, of: target.currentThread)
    sendReply()
  }

  mutating func appendStop(_ reason: StopReason, of thread: ThreadID) {
    writer.append("T")
    writer.append(hex: reason.signal.rawValue)
    append(reason, in: thread)
    writer.append("thread:")
    writer.append(number: thread.number)
    writer.append(";")
    let (first, second) = Target.Architecture.expedited
    appendExpedited(Target.Architecture.programCounter, of: thread)
    appendExpedited(first, of: thread)
    appendExpedited(second, of: thread)
  }

  private mutating func append(_ reason: StopReason, in thread: ThreadID) {
    switch reason {
    case .breakpoint:
      // A breakpoint instruction of the program is no `swbreak`: gdb would take it for one of its own, long
      // removed, and let the target go on.
      guard session.knowsSoftwareBreakpoints,
        let address = target.readRegister(Target.Architecture.programCounter, of: thread)?.low,
        hasBreakpoint(at: address)
      else { return }
      writer.append("swbreak:;")
    case .hardwareBreakpoint, .watchpoint(.execution, _):
      if session.knowsHardwareBreakpoints { writer.append("hwbreak:;") }
    case .watchpoint(let kind, let address):
      writer.append(kind == .write ? "watch:" : kind == .read ? "rwatch:" : "awatch:")
      writer.append(number: address)
      writer.append(";")
    case .interrupt, .request, .step, .exception:
      break
    }
  }

  private mutating func appendExpedited(_ number: Int, of thread: ThreadID) {
    guard let value = target.readRegister(number, of: thread) else { return }
    writer.append(number: UInt64(truncatingIfNeeded: number))
    writer.append(":")
    writer.append(value, bytes: Target.Architecture.size(ofRegister: number))
    writer.append(";")
  }
}
