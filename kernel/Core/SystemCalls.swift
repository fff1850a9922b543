import KernelObjects

extension Kernel {
  /// The current Domain made a system call; arguments and results are in its registers.
  // Each way through it is a chain of jumps from function to function, without a stack frame that they share.
  @discardableResult
  @inline(__always)
  public func handleSystemCall() -> ResumedFrame {
    let caller = current
    // The two that programs make most come first: a jump table for all would cost them more than it gives the others.
    switch caller[x: 8] {
    case SystemCall.call.rawValue: return fastCall(caller)
    case SystemCall.replyReceive.rawValue: return fastReplyReceive(caller)
    default: return handleOneWaySystemCall(caller)
    }
  }

  @inline(never)
  private func handleOneWaySystemCall(_ caller: Reference<Domain>) -> ResumedFrame {
    switch caller[x: 8] {
    case SystemCall.send.rawValue: return fastSignal(caller)
    case SystemCall.receive.rawValue: return fastWait(caller)
    default: return handleSystemCallInSteps()
    }
  }

  /// As `handleSystemCall`, without the short ways for what is frequent.
  @discardableResult
  @inline(never)
  public func handleSystemCallInSteps() -> ResumedFrame {
    enter()
    let caller = current
    let number = caller[x: 8]
    switch number {
    case SystemCall.call.rawValue: return call(by: caller)
    case SystemCall.replyReceive.rawValue: return replyReceive(by: caller)
    case SystemCall.send.rawValue: return send(by: caller, isBlocking: true)
    case SystemCall.nonBlockingSend.rawValue: return send(by: caller, isBlocking: false)
    case SystemCall.receive.rawValue: return receive(by: caller, isBlocking: true)
    case SystemCall.nonBlockingReceive.rawValue: return receive(by: caller, isBlocking: false)
    case SystemCall.reply.rawValue: return reply(by: caller)
    case SystemCall.yield.rawValue: return yield(by: caller)
    case SystemCall.activationReturn.rawValue: return activationReturn(by: caller)
    default: return reportUnknownSystemCall(number, by: caller)
    }
  }

  @inline(never)
  private func reportUnknownSystemCall(_ number: UInt64, by caller: Reference<Domain>) -> ResumedFrame {
    report(.unknownSystemCall, of: caller, address: caller.object.registers.pc, syndrome: number)
    return leave()
  }

  @inline(never)
  private func call(by caller: Reference<Domain>) -> ResumedFrame {
    let slot: Reference<Slot>
    do throws(Refusal) { slot = try lookUpSlot(caller[x: 0], in: caller) } catch {
      return refuse(error, caller)
    }
    return call(slot, by: caller)
  }

  @inline(never)
  private func send(by caller: Reference<Domain>, isBlocking: Bool) -> ResumedFrame {
    do throws(Refusal) {
      let slot = try lookUpSlot(caller[x: 0], in: caller)
      try send(through: slot, by: caller, isCall: false, isBlocking: isBlocking)
    } catch {
      return refuse(error, caller)
    }
    return leave()
  }

  /// Whatever the capability names, unless it is a kernel object: a message to an endpoint, a signal, an answer.
  @inline(__always)
  func send(through slot: Reference<Slot>, by caller: Reference<Domain>, isCall: Bool, isBlocking: Bool)
    throws(Refusal)
  {
    let capability = slot.capability
    switch capability.type {
    case .endpoint:
      try send(capability, from: caller, isCall: isCall, isBlocking: isBlocking)
    case .notification:
      try require(.write, of: capability)
      _ = signal(Reference(capability.address), badge: capability.badge)
      succeed(caller)
    case .reply:
      try reply(through: slot, by: caller)
      succeed(caller)
    case .null, .zombie:
      throw Refusal(.invalidCapability, detail: 64)
    default:
      // A refusal must be told, and only a call has an answer.
      throw Refusal(.wrongType, detail: UInt64(capability.rawType))
    }
  }

  @inline(never)
  private func receive(by caller: Reference<Domain>, isBlocking: Bool) -> ResumedFrame {
    do throws(Refusal) {
      let capability = try lookUpSlot(caller[x: 0], in: caller).capability
      switch capability.type {
      case .endpoint: try receive(capability, by: caller, isBlocking: isBlocking)
      case .notification: try wait(capability, by: caller, isBlocking: isBlocking)
      case .null, .zombie: throw Refusal(.invalidCapability, detail: 64)
      default: throw Refusal(.wrongType, detail: UInt64(capability.rawType))
      }
    } catch {
      return refuse(error, caller)
    }
    return leave()
  }

  @inline(never)
  private func reply(by server: Reference<Domain>) -> ResumedFrame {
    do throws(Refusal) { try reply(through: server.slot(.caller), by: server) } catch {
      return refuse(error, server)
    }
    succeed(server)
    return leave()
  }

  /// Answers the last caller, gives it its slice back, and waits for the next.
  @inline(never)
  private func replyReceive(by server: Reference<Domain>) -> ResumedFrame {
    do throws(Refusal) {
      let capability = try lookUp(.endpoint, server[x: 0], in: server, argument: 0).capability
      try require(.read, of: capability)
      let slot = server.slot(.caller)
      guard !slot.capability.isNull else {
        try receive(capability, by: server, isBlocking: true)
        return leave()
      }
      let answered = Reference<Domain>(slot.capability.address)
      try reply(through: slot, by: server)
      try receive(capability, by: server, isBlocking: true)
      if isReady(answered) { state.current = answered.address }
    } catch {
      return refuse(error, server)
    }
    return leave()
  }

  /// The caller gives up the rest of its slot.
  @inline(never)
  private func yield(by caller: Reference<Domain>) -> ResumedFrame {
    succeed(caller)
    yield()
    return leaveRescheduled()
  }

  @inline(never)
  private func activationReturn(by caller: Reference<Domain>) -> ResumedFrame {
    do throws(Refusal) { try activationReturn(caller) } catch { return refuse(error, caller) }
    return leave(stayingIn: caller)
  }

  /// Success without words; an invocation that returns some writes them afterwards.
  @inline(__always)
  func succeed(_ caller: Reference<Domain>) {
    caller[x: 0] = Status.ok.rawValue
    caller[x: 1] = 0
  }

  /// Ends an entry that changed nothing, or that has to be made again.
  @inline(never)
  func refuse(_ refusal: Refusal, _ caller: Reference<Domain>) -> ResumedFrame {
    if refusal.isUnfinished {
      // Back to the svc. Nothing of the call's arguments has been written over.
      caller.object.registers.pc &-= 4
      return leave()
    }
    caller[x: 0] = refusal.status.rawValue
    caller[x: 1] = MessageInfo(label: 0, length: 2).word
    caller[x: 2] = refusal.argument
    caller[x: 3] = refusal.detail
    return leave()
  }
}
