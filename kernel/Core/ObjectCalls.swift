import KernelObjects

// A call, by what is called. Each kind has a function that ends the entry: it is jumped to, and its stack frame is no
// larger than its own operations need.
extension Kernel {
  /// Calls what the capability in `slot` names, and leaves.
  @inline(__always)
  func call(_ slot: Reference<Slot>, by caller: Reference<Domain>) -> ResumedFrame {
    switch slot.capability.type {
    case .untyped: return callUntyped(slot, caller)
    case .cnode: return callCNode(slot, caller)
    case .segment: return callSegment(slot, caller)
    case .protectionDomain: return callProtectionDomain(slot, caller)
    case .irqHandler: return callIRQHandler(slot, caller)
    case .null, .endpoint, .notification, .reply, .zombie: return callPartner(slot, caller)
    default: return callOtherObject(slot, caller)
    }
  }

  @inline(never)
  private func callUntyped(_ slot: Reference<Slot>, _ caller: Reference<Domain>) -> ResumedFrame {
    // Size and number are small: it is no more than seven objects of a page.
    guard caller[x: 3] | caller[x: 4] <= 7 else { return callUntypedStepwise(slot, caller) }
    let context = begin(slot, caller)
    do throws(Refusal) { try invokeUntyped(context) } catch { return refuse(error, caller) }
    return leave()
  }

  @inline(never)
  private func callUntypedStepwise(_ slot: Reference<Slot>, _ caller: Reference<Domain>) -> ResumedFrame {
    do throws(Refusal) { try invokeUntypedStepwise(InvocationContext(slot, by: caller)) } catch {
      return refuse(error, caller)
    }
    // Told at the end: an operation that is unfinished needs its arguments again.
    succeed(caller)
    return leave()
  }

  @inline(never)
  private func callCNode(_ slot: Reference<Slot>, _ caller: Reference<Domain>) -> ResumedFrame {
    switch MessageInfo(word: caller[x: 1]).label {
    case Invocation.cnodeDelete.rawValue, Invocation.cnodeRevoke.rawValue,
      Invocation.cnodeCancelBadgedSends.rawValue:
      return callCNodeStepwise(slot, caller)
    default: break
    }
    let context = begin(slot, caller)
    do throws(Refusal) { try invokeCNode(context) } catch { return refuse(error, caller) }
    return leave()
  }

  @inline(never)
  private func callCNodeStepwise(_ slot: Reference<Slot>, _ caller: Reference<Domain>) -> ResumedFrame {
    do throws(Refusal) { try invokeCNodeStepwise(InvocationContext(slot, by: caller)) } catch {
      return refuse(error, caller)
    }
    // Told at the end: an operation that is unfinished needs its arguments again.
    succeed(caller)
    return leave()
  }

  @inline(never)
  private func callSegment(_ slot: Reference<Slot>, _ caller: Reference<Domain>) -> ResumedFrame {
    let context = begin(slot, caller)
    do throws(Refusal) { try invokeSegment(context) } catch { return refuse(error, caller) }
    return leave()
  }

  @inline(never)
  private func callProtectionDomain(_ slot: Reference<Slot>, _ caller: Reference<Domain>) -> ResumedFrame {
    let context = begin(slot, caller)
    do throws(Refusal) { try invokeProtectionDomain(context) } catch { return refuse(error, caller) }
    return leave()
  }

  @inline(never)
  private func callIRQHandler(_ slot: Reference<Slot>, _ caller: Reference<Domain>) -> ResumedFrame {
    let label = MessageInfo(word: caller[x: 1]).label
    guard label == Invocation.irqHandlerAck.rawValue else { return callOtherObject(slot, caller) }
    unmask(slot.object.capability.irq)
    succeed(caller)
    return leave(stayingIn: caller)
  }

  @inline(never)
  private func callOtherObject(_ slot: Reference<Slot>, _ caller: Reference<Domain>) -> ResumedFrame {
    let pointer = caller[x: 0]
    let info = caller[x: 1]
    let context = begin(slot, caller)
    do throws(Refusal) {
      switch context.capability.type {
      case .domain: try invokeDomain(context)
      case .frame: try invokeFrame(context)
      case .timeSlice: try invokeTimeSlice(context)
      case .irqHandler: try invokeIRQHandler(context)
      case .irqControl: try invokeIRQControl(context)
      case .debug: try invokeDebug(context)
      default: throw context.noSuchInvocation
      }
    } catch {
      if error.isUnfinished {
        caller[x: 0] = pointer
        caller[x: 1] = info
      }
      return refuse(error, caller)
    }
    return leave()
  }

  /// The call is a message to a Domain.
  @inline(never)
  private func callPartner(_ slot: Reference<Slot>, _ caller: Reference<Domain>) -> ResumedFrame {
    do throws(Refusal) {
      try send(through: slot, by: caller, isCall: true, isBlocking: true)
    } catch {
      return refuse(error, caller)
    }
    return leave()
  }

  /// The answer is success without words; an invocation that returns some writes them over it.
  @inline(__always)
  private func begin(_ slot: Reference<Slot>, _ caller: Reference<Domain>) -> InvocationContext {
    let context = InvocationContext(slot, by: caller)
    succeed(caller)
    return context
  }
}
