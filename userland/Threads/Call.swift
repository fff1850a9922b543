public import KernelObjects
public import LibVesper
internal import ThreadSwitch

extension Threads {
  /// Calls as `EndpointCapability.call` does, while the domain's other threads go on.
  ///
  /// - Throws: also status `notConfigured` if the domain has no carrier, and `cancelled` if the carrier is no more.
  public static func call(
    _ endpoint: EndpointCapability, _ message: Message, into slot: CapabilityPointer = .none
  ) throws(Refusal) -> ReceivedMessage {
    let scheduler = Scheduler.own
    scheduler.enter()
    defer { scheduler.leave() }
    let carrier = scheduler.takeCarrier()
    guard !carrier.isNone else { throw Refusal(.notConfigured, label: message.label) }
    carrier.prepare(endpoint, message, into: slot)
    guard scheduler.carry(carrier) else {
      scheduler.forget(carrier)
      throw Refusal(.cancelled, label: message.label)
    }
    defer { scheduler.release(carrier) }
    return try carrier.answer(label: message.label)
  }
}

extension Scheduler {
  /// Lends the carrier time for its call, and if that does not see the end of it, lets other threads run until then.
  ///
  /// - Returns: whether the call has ended; if not, the carrier has.
  fileprivate func carry(_ carrier: Pointer<CarrierRecord>) -> Bool {
    let isThere = wakeAndLend(carrier)
    if carrier.object.call.is_done != 0 { return true }
    guard isThere else { return false }
    carrier.object.call.wants_signal = 1
    // The carrier reads that after it was done; whether it is done is looked at once more after this.
    vesper_threads_order()
    wait(for: carrier)
    return carrier.object.call.is_done != 0
  }

  /// - Returns: whether the carrier goes on with the call, or has made it.
  private func wakeAndLend(_ carrier: Pointer<CarrierRecord>) -> Bool {
    do throws(Refusal) {
      try NotificationCapability(CapabilityPointer(rawValue: carrier.object.call.wake)).signal()
      // A signal that came before, or comes from somebody else, ends the loan early.
      for _ in 0..<4 {
        let back = try carrier.object.domain.run()
        let isAwaited = keep(back.events)
        switch back.reason {
        case .stopped, .faulted: return false
        case .event where carrier.object.call.is_done == 0 && !isAwaited: continue
        default: return true
        }
      }
      return true
    } catch {
      // Too many domains have lent of this slice; the carrier has time of its own.
      return error.status == .exhausted
    }
  }
}

extension Pointer<CarrierRecord> {
  fileprivate func prepare(_ endpoint: EndpointCapability, _ message: Message, into slot: CapabilityPointer) {
    var call = object.call
    call.x0 = endpoint.pointer.rawValue
    call.x1 =
      MessageInfo(
        label: message.label, length: message.length, hasCapability: message.capability != .none
      ).word
    call.x2 = message.words[0]
    call.x3 = message.words[1]
    call.x4 = message.words[2]
    call.x5 = message.words[3]
    call.x6 = message.words[4]
    call.x7 = message.words[5]
    call.x8 = SystemCall.call.rawValue
    call.x9 = message.capability.rawValue
    call.x10 = slot.rawValue
    call.is_done = 0
    call.wants_signal = 0
    object.call = call
  }

  fileprivate func answer(label: UInt64) throws(Refusal) -> ReceivedMessage {
    let call = object.call
    guard call.x0 == Status.ok.rawValue else {
      throw Refusal(rawStatus: call.x0, argument: call.x2, detail: call.x3, label: label)
    }
    let info = MessageInfo(word: call.x1)
    var answer = Message(label: info.label)
    answer.length = info.length
    answer.words = [call.x2, call.x3, call.x4, call.x5, call.x6, call.x7]
    return ReceivedMessage(message: answer, badge: call.x8, hasCapability: info.hasCapability)
  }
}
